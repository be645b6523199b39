import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.policy.movement_without_steps import movement_without_steps
from ppo_doctor.run import synthetic

DECAY = [1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.1, 0.0]


@pytest.mark.parametrize(("left", "expected"), [(0.024, "clean"), (0.026, "fired")])
def test_a_quarter_of_the_early_movement_may_be_left(left: float, expected: str) -> None:
    run = synthetic("a", approx_kl_mean=[0.1] * 9 + [left], learning_rate=DECAY)
    assert judge(movement_without_steps, run).status == expected


def test_a_constant_rate_says_nothing() -> None:
    run = synthetic("a", approx_kl_mean=[0.1] * 10, learning_rate=[3e-4] * 10)
    assert judge(movement_without_steps, run).status == "undecided"


def test_a_run_that_learned_and_held_is_undecided() -> None:
    rose = [0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 60.0, 60.0, 60.0]
    run = synthetic("a", approx_kl_mean=[0.1] * 10, learning_rate=DECAY, mean_ep_return=rose)
    assert judge(movement_without_steps, run).status == "undecided"
