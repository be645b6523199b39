import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.data.advantages_zero import advantages_zero
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("std", "expected"), [(0.0, "fired"), (2e-6, "fired"), (3e-6, "clean"), (1.0, "clean")])
def test_boundaries_are_relative_to_the_rewards(std: float, expected: str) -> None:
    assert judge(advantages_zero, synthetic("a", advantage_std=[std] * 6, reward_std=[2.0] * 6)).status == expected


def test_equal_rewards_leave_nothing_to_compare() -> None:
    assert judge(advantages_zero, synthetic("a", advantage_std=[0.0] * 6, reward_std=[0.0] * 6)).status == "clean"
    few = synthetic("a", advantage_std=[0.0] * 6, reward_std=[0.0] * 4 + [1.0] * 2)
    assert judge(advantages_zero, few).status == "undecided"


def test_advantages_that_fade_were_learnt_away() -> None:
    run = synthetic("a", advantage_std=[0.5] + [0.0] * 9, reward_std=[1.0] * 10)
    assert judge(advantages_zero, run).status == "clean"
