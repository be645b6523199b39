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
