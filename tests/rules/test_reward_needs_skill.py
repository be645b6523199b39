import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.reward.reward_needs_skill import reward_needs_skill
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("value", "expected"), [(0.2, "clean"), (0.21, "fired"), (1.0, "fired"), (float("nan"), "undecided")]
)
def test_boundaries(value: float, expected: str) -> None:
    assert judge(reward_needs_skill, synthetic("a", reward_reached=value, reward_occurrence=0.02)).status == expected


def test_without_the_probe_it_is_skipped_and_says_so() -> None:
    outcome = judge(reward_needs_skill, synthetic("a", v_loss=[1.0]))
    assert outcome.status == "skipped"
    assert "reward_reached" in outcome.reason


def test_what_chance_finds_needs_no_skill() -> None:
    assert judge(reward_needs_skill, synthetic("a", reward_occurrence=0.03, reward_reached=1.0)).status == "clean"
