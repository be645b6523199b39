import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.trial.longer_training_helps import longer_training_helps
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"trial_gain_longer_training": 0.11}, "fired"),
        ({"trial_gain_longer_training": 0.1}, "clean"),
        ({"trial_gain_longer_training": float("nan")}, "undecided"),
        ({}, "skipped"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(longer_training_helps, synthetic("a", **signals)).status == expected
