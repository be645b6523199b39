import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.trial.faster_critic_helps import faster_critic_helps
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"trial_gain_faster_critic": 0.11}, "fired"),
        ({"trial_gain_faster_critic": 0.1}, "clean"),
        ({"trial_gain_faster_critic": float("nan")}, "undecided"),
        ({}, "skipped"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(faster_critic_helps, synthetic("a", **signals)).status == expected
