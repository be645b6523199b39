import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.config.discount_on_bandit import discount_on_bandit
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("gamma", "state", "reward", "expected"),
    [
        (0.5, 0.0, 1.0, "clean"),
        (0.51, 0.0, 1.0, "fired"),
        (0.99, 0.01, 1.0, "fired"),
        (0.99, 0.011, 1.0, "clean"),
        (0.99, 0.0, 0.01, "clean"),
    ],
)
def test_boundaries(gamma: float, state: float, reward: float, expected: str) -> None:
    run = synthetic("a", gamma=gamma, action_influence_state=state, action_influence_reward=reward)
    assert judge(discount_on_bandit, run).status == expected
