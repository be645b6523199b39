import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.config.value_coefficient_small import value_coefficient_small
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"vf_coef": 0.0199}, "fired"),
        ({"vf_coef": 0.02}, "clean"),
        ({"vf_coef": float("nan")}, "undecided"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(value_coefficient_small, synthetic("a", **signals)).status == expected
