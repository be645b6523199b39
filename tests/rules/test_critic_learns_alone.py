import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.critic.critic_learns_alone import critic_learns_alone
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("explained", "kl", "expected"), [(0.11, 1e-5, "fired"), (0.1, 1e-5, "clean"), (0.5, 1.1e-5, "clean")]
)
def test_boundaries(explained: float, kl: float, expected: str) -> None:
    run = synthetic("a", explained_variance=[explained] * 8, approx_kl_mean=[kl] * 8)
    assert judge(critic_learns_alone, run).status == expected


def test_too_few_updates_are_undecided() -> None:
    run = synthetic("a", explained_variance=[0.5] * 7, approx_kl_mean=[0.0] * 7)
    assert judge(critic_learns_alone, run).status == "undecided"
