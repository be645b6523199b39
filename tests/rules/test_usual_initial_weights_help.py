import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.trial.usual_initial_weights_help import usual_initial_weights_help
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"trial_gain_usual_initial_weights": 0.11}, "fired"),
        ({"trial_gain_usual_initial_weights": 0.1}, "clean"),
        ({"trial_gain_usual_initial_weights": float("nan")}, "undecided"),
        ({}, "skipped"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(usual_initial_weights_help, synthetic("a", **signals)).status == expected
