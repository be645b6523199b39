import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.trial.without_target_kl_helps import without_target_kl_helps
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"trial_gain_without_target_kl": 0.11}, "fired"),
        ({"trial_gain_without_target_kl": 0.1}, "clean"),
        ({"trial_gain_without_target_kl": float("nan")}, "undecided"),
        ({}, "skipped"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(without_target_kl_helps, synthetic("a", **signals)).status == expected
