import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.env.effects_unseen import effects_unseen
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("state", "reward", "later", "expected"),
    [
        (0.0, 0.0, 0.9, "fired"),
        (0.01, 0.01, 0.051, "fired"),
        (0.011, 0.0, 0.9, "clean"),
        (0.0, 0.011, 0.9, "clean"),
        (0.0, 0.0, 0.05, "clean"),
        (float("nan"), 0.0, 0.9, "undecided"),
    ],
)
def test_boundaries(state: float, reward: float, later: float, expected: str) -> None:
    run = synthetic("a", action_influence_state=state, action_influence_reward=reward, action_influence_return=later)
    assert judge(effects_unseen, run).status == expected


def test_without_the_return_it_is_skipped() -> None:
    run = synthetic("a", action_influence_state=0.0, action_influence_reward=0.0)
    assert judge(effects_unseen, run).status == "skipped"
