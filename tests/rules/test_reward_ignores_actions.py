import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.reward.reward_ignores_actions import reward_ignores_actions
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("paid", "acts", "expected"),
    [(0.05, 1.0, "fired"), (0.051, 1.0, "clean"), (0.0, 0.01, "clean"), (0.0, 0.011, "fired")],
)
def test_boundaries(paid: float, acts: float, expected: str) -> None:
    run = synthetic("a", action_influence_return=paid, action_influence_state=acts)
    assert judge(reward_ignores_actions, run).status == expected


@pytest.mark.parametrize(("occurrence", "expected"), [(0.02, "undecided"), (0.03, "fired")])
def test_a_reward_never_met_has_not_been_shown_to_ignore_anything(occurrence: float, expected: str) -> None:
    run = synthetic("a", action_influence_return=0.0, action_influence_state=1.0, reward_occurrence=occurrence)
    assert judge(reward_ignores_actions, run).status == expected
