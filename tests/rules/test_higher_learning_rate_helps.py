import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.trial.higher_learning_rate_helps import higher_learning_rate_helps
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"trial_gain_higher_learning_rate": 0.11}, "fired"),
        ({"trial_gain_higher_learning_rate": 0.1}, "clean"),
        ({"trial_gain_higher_learning_rate": float("nan")}, "undecided"),
        ({}, "skipped"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(higher_learning_rate_helps, synthetic("a", **signals)).status == expected
