import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.reward.reward_tail_long import reward_tail_long
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("value", "expected"), [(40.0, "clean"), (40.1, "fired"), (float("nan"), "undecided")])
def test_boundaries(value: float, expected: str) -> None:
    assert judge(reward_tail_long, synthetic("a", reward_tail=value)).status == expected


def test_without_the_probe_it_is_skipped_and_says_so() -> None:
    outcome = judge(reward_tail_long, synthetic("a", v_loss=[1.0]))
    assert outcome.status == "skipped"
    assert "reward_tail" in outcome.reason
