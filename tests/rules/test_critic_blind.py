import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.critic.critic_blind import critic_blind
from ppo_doctor.run import synthetic

FLAT = [10.0, 11.0, 9.0, 10.0] * 4


@pytest.mark.parametrize(
    ("explained", "kl", "expected"),
    [(0.1, 1e-3, "fired"), (-0.1, 1e-3, "fired"), (0.11, 1e-3, "clean"), (-5.0, 1e-3, "clean"), (0.0, 1e-5, "clean")],
)
def test_boundaries(explained: float, kl: float, expected: str) -> None:
    run = synthetic("a", explained_variance=[explained] * 16, approx_kl_mean=[kl] * 16, mean_ep_return=FLAT)
    assert judge(critic_blind, run).status == expected


def test_a_return_that_rises_excuses_the_critic() -> None:
    rose = [float(min(10 * k, 100)) for k in range(16)]
    run = synthetic("a", explained_variance=[0.0] * 16, approx_kl_mean=[1e-3] * 16, mean_ep_return=rose)
    assert judge(critic_blind, run).status == "clean"
