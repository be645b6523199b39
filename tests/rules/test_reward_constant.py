import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.reward.reward_constant import reward_constant
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("std", "n", "expected"), [(0.0, 5, "fired"), (0.0, 4, "undecided"), (1e-9, 5, "clean")])
def test_boundaries(std: float, n: int, expected: str) -> None:
    run = synthetic("a", reward_std=[0.0] * (n - 1) + [std], reward_mean=[0.0] * n)
    assert judge(reward_constant, run).status == expected


def test_a_pole_that_is_always_balanced_to_the_end_was_not_always() -> None:
    lengths = [20.0, 60.0] + [500.0] * 8
    run = synthetic("a", reward_std=[0.0] * 10, reward_mean=[1.0] * 10, mean_ep_length=lengths)
    assert judge(reward_constant, run).status == "clean"


def test_without_lengths_it_is_undecided() -> None:
    assert judge(reward_constant, synthetic("a", reward_std=[0.0] * 8, reward_mean=[1.0] * 8)).status == "undecided"
