import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.trial.usual_deviation_helps import usual_deviation_helps
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"trial_gain_usual_deviation": 0.11}, "fired"),
        ({"trial_gain_usual_deviation": 0.1}, "clean"),
        ({"trial_gain_usual_deviation": float("nan")}, "undecided"),
        ({}, "skipped"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(usual_deviation_helps, synthetic("a", **signals)).status == expected
