import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.trial.lower_learning_rate_helps import lower_learning_rate_helps
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"trial_gain_lower_learning_rate": 0.11}, "fired"),
        ({"trial_gain_lower_learning_rate": 0.1}, "clean"),
        ({"trial_gain_lower_learning_rate": float("nan")}, "undecided"),
        ({}, "skipped"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(lower_learning_rate_helps, synthetic("a", **signals)).status == expected
