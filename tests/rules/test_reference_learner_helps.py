import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.trial.reference_learner_helps import reference_learner_helps
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"trial_gain_reference_learner": 0.11}, "fired"),
        ({"trial_gain_reference_learner": 0.1}, "clean"),
        ({"trial_gain_reference_learner": float("nan")}, "undecided"),
        ({}, "skipped"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(reference_learner_helps, synthetic("a", **signals)).status == expected
