import numpy as np
import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.reward.ends_sooner import ends_sooner
from ppo_doctor.run import Run, synthetic


def log(end: float, pay: float = -1.0, dearer: float = 1.0) -> Run:
    """Episodes that shrink from 100 steps to `end`; a step is paid `pay` first and `dearer` times that last."""
    length = np.concatenate([np.linspace(100.0, end, 12), np.linspace(end, end - 0.1, 6)])
    return synthetic("a", mean_ep_length=list(length), mean_ep_return=list(pay * length * np.linspace(1.0, dearer, 18)))


@pytest.mark.parametrize(("end", "expected"), [(60.0, "fired"), (70.0, "clean"), (100.0, "clean"), (300.0, "clean")])
def test_boundaries_of_the_length(end: float, expected: str) -> None:
    assert judge(ends_sooner, log(end)).status == expected


def test_a_reward_that_is_lost_with_the_episode_is_another_matter() -> None:
    assert judge(ends_sooner, log(20.0, pay=1.0)).status == "clean"


@pytest.mark.parametrize(("dearer", "expected"), [(1.05, "fired"), (1.5, "clean"), (0.5, "clean")])
def test_steps_must_cost_what_they_cost(dearer: float, expected: str) -> None:
    assert judge(ends_sooner, log(20.0, dearer=dearer)).status == expected


def test_too_few_updates_are_undecided() -> None:
    run = synthetic("a", mean_ep_return=[-9.0] * 9, mean_ep_length=[9.0] * 9)
    assert judge(ends_sooner, run).status == "undecided"
