import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.optim.gradient_missing import gradient_missing
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"gradient_missing_frac": 1e-06}, "fired"),
        ({"gradient_missing_frac": 0.0}, "clean"),
        ({"gradient_missing_frac": float("nan")}, "undecided"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(gradient_missing, synthetic("a", **signals)).status == expected
