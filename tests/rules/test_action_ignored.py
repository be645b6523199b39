import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.env.action_ignored import action_ignored
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("state", "reward", "late", "expected"),
    [
        (0.01, 0.01, 0.01, "fired"),
        (0.011, 0.0, 0.0, "clean"),
        (0.0, 0.011, 0.0, "clean"),
        (0.0, 0.0, 0.011, "clean"),
    ],
)
def test_boundaries(state: float, reward: float, late: float, expected: str) -> None:
    run = synthetic("a", action_influence_state=state, action_influence_reward=reward, action_influence_return=late)
    assert judge(action_ignored, run).status == expected


def test_the_state_alone_is_not_enough() -> None:
    assert judge(action_ignored, synthetic("a", action_influence_state=0.0)).status == "undecided"
    assert (
        judge(action_ignored, synthetic("a", action_influence_state=0.0, action_influence_reward=0.0)).status == "fired"
    )


@pytest.mark.parametrize(("std", "expected"), [(0.0, "undecided"), (0.5, "fired")])
def test_where_every_episode_is_paid_the_same_nothing_tells_ignored_from_indifferent(std: float, expected: str) -> None:
    run = synthetic(
        "a",
        action_influence_state=0.0,
        action_influence_return=0.0,
        mean_ep_return=[1.0] * 8,
        random_return=1.0,
        random_return_std=std,
    )
    assert judge(action_ignored, run).status == expected
