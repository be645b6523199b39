import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.trial.fewer_epochs_help import fewer_epochs_help
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"trial_gain_fewer_epochs": 0.11}, "fired"),
        ({"trial_gain_fewer_epochs": 0.1}, "clean"),
        ({"trial_gain_fewer_epochs": float("nan")}, "undecided"),
        ({}, "skipped"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(fewer_epochs_help, synthetic("a", **signals)).status == expected
