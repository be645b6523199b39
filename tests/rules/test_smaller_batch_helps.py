import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.trial.smaller_batch_helps import smaller_batch_helps
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"trial_gain_smaller_batch": 0.11}, "fired"),
        ({"trial_gain_smaller_batch": 0.1}, "clean"),
        ({"trial_gain_smaller_batch": float("nan")}, "undecided"),
        ({}, "skipped"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(smaller_batch_helps, synthetic("a", **signals)).status == expected
