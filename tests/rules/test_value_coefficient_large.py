import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.config.value_coefficient_large import value_coefficient_large
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"vf_coef": 5.01}, "fired"),
        ({"vf_coef": 5.0}, "clean"),
        ({"vf_coef": float("inf")}, "undecided"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(value_coefficient_large, synthetic("a", **signals)).status == expected
