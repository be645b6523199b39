import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.data.normaliser_still import normaliser_still
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"normaliser_still": 1.0}, "fired"),
        ({"normaliser_still": 0.0}, "clean"),
        ({"normaliser_still": float("nan")}, "undecided"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(normaliser_still, synthetic("a", **signals)).status == expected
