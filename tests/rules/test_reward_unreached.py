import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.reward.reward_unreached import reward_unreached
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("value", "expected"), [(0.0, "fired"), (0.001, "clean"), (1.0, "clean"), (float("nan"), "undecided")]
)
def test_boundaries(value: float, expected: str) -> None:
    assert judge(reward_unreached, synthetic("a", reward_reached=value)).status == expected


def test_without_the_probe_it_is_skipped_and_says_so() -> None:
    outcome = judge(reward_unreached, synthetic("a", v_loss=[1.0]))
    assert outcome.status == "skipped"
    assert "reward_reached" in outcome.reason
