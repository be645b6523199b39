import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.data.advantages_permuted import advantages_permuted
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"advantage_permuted": 1.0}, "fired"),
        ({"advantage_permuted": 0.0}, "clean"),
        ({"advantage_permuted": float("nan")}, "undecided"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(advantages_permuted, synthetic("a", **signals)).status == expected
