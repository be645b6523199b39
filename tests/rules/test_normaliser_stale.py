import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.env.normaliser_stale import normaliser_stale
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"normaliser_error": 2.01}, "fired"),
        ({"normaliser_error": 2.0}, "clean"),
        ({"normaliser_error": float("nan")}, "undecided"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(normaliser_stale, synthetic("a", **signals)).status == expected
