import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.trial.smaller_value_coefficient_helps import smaller_value_coefficient_helps
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"trial_gain_smaller_value_coef": 0.11}, "fired"),
        ({"trial_gain_smaller_value_coef": 0.1}, "clean"),
        ({"trial_gain_smaller_value_coef": float("nan")}, "undecided"),
        ({}, "skipped"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(smaller_value_coefficient_helps, synthetic("a", **signals)).status == expected
