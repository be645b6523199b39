import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.reward.reward_terms_ignore_actions import reward_terms_ignore_actions
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("value", "expected"), [(0.01, "fired"), (0.0, "clean"), (float("nan"), "undecided")])
def test_boundaries(value: float, expected: str) -> None:
    assert judge(reward_terms_ignore_actions, synthetic("a", reward_terms_dead=value)).status == expected


def test_without_the_probe_it_is_skipped_and_names_the_signal() -> None:
    outcome = judge(reward_terms_ignore_actions, synthetic("a", v_loss=[1.0]))
    assert outcome.status == "skipped"
    assert "reward_terms_dead" in outcome.reason


@pytest.mark.parametrize(("value", "severity"), [(0.5, "info"), (1.0, "critical")])
def test_a_reward_without_any_steering_term_is_critical(value: float, severity: str) -> None:
    (found,) = judge(reward_terms_ignore_actions, synthetic("a", reward_terms_dead=value)).findings
    assert found.severity == severity
