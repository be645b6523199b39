import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.trial.wider_clip_helps import wider_clip_helps
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"trial_gain_wider_clip": 0.11}, "fired"),
        ({"trial_gain_wider_clip": 0.1}, "clean"),
        ({"trial_gain_wider_clip": float("nan")}, "undecided"),
        ({}, "skipped"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(wider_clip_helps, synthetic("a", **signals)).status == expected
