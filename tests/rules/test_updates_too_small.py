import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.policy.updates_too_small import REMEDIES, updates_too_small
from ppo_doctor.run import synthetic

FLAT = [10.0, 11.0, 9.0, 10.0] * 4


@pytest.mark.parametrize(("kl", "expected"), [(1e-4, "clean"), (0.99e-4, "fired"), (0.0, "fired")])
def test_boundaries(kl: float, expected: str) -> None:
    run = synthetic("a", approx_kl_mean=[kl] * 16, eval_mean_return=FLAT)
    assert judge(updates_too_small, run).status == expected


def test_too_early_or_without_returns_it_is_undecided() -> None:
    for run in (
        synthetic("a", approx_kl_mean=[0.0] * 7, eval_mean_return=FLAT),
        synthetic("a", approx_kl_mean=[0.0] * 16, eval_mean_return=FLAT, total_steps=1e6),
        synthetic("a", approx_kl_mean=[0.0] * 16),
    ):
        assert judge(updates_too_small, run).status == "undecided"


def test_at_the_best_baseline_small_steps_are_right() -> None:
    run = synthetic("a", approx_kl_mean=[0.0] * 16, eval_mean_return=FLAT, random_return=1, best_baseline_return=10)
    assert judge(updates_too_small, run).status == "clean"


def test_the_signal_is_asked_for_before_the_step_size() -> None:
    assert REMEDIES[0].confirm == "action_influence"
