import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.data.advantages_cleared import advantages_cleared
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"advantage_cleared_frac": 0.001}, "fired"),
        ({"advantage_cleared_frac": 0.0}, "clean"),
        ({"advantage_cleared_frac": float("nan")}, "undecided"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(advantages_cleared, synthetic("a", **signals)).status == expected
