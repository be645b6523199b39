import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.critic.critic_constant import critic_constant
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("level", "expected"), [(0.01, "fired"), (-0.01, "fired"), (0.011, "clean"), (-5.0, "clean")])
def test_boundaries(level: float, expected: str) -> None:
    assert judge(critic_constant, synthetic("a", explained_variance=[0.0] * 3 + [level] * 12)).status == expected


def test_undefined_points_do_not_count() -> None:
    values = [0.0] * 3 + [float("nan")] * 8 + [0.0] * 9
    assert judge(critic_constant, synthetic("a", explained_variance=values)).status == "undecided"


def test_a_ceiling_of_zero_excuses_the_critic() -> None:
    run = synthetic("a", explained_variance=[0.0] * 15, ev_ceiling=0.005)
    assert judge(critic_constant, run).status == "undecided"
    assert judge(critic_constant, synthetic("a", explained_variance=[0.0] * 15, ev_ceiling=0.6)).status == "fired"
