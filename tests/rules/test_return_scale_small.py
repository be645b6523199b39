import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.reward.return_scale_small import return_scale_small
from ppo_doctor.run import synthetic

FLAT = [0.010, 0.011, 0.012, 0.010] * 3


@pytest.mark.parametrize(("std", "expected"), [(0.02, "clean"), (0.019, "fired"), (1e-9, "fired"), (0.0, "clean")])
def test_boundaries(std: float, expected: str) -> None:
    assert judge(return_scale_small, synthetic("a", return_std=[std] * 12, eval_mean_return=FLAT)).status == expected


def test_without_returns_it_is_undecided() -> None:
    assert judge(return_scale_small, synthetic("a", return_std=[0.001] * 12)).status == "undecided"


@pytest.mark.parametrize(
    ("eps", "normalised", "expected"), [(1e-5, 0, "fired"), (1e-8, 0, "clean"), (1e-5, 1, "clean")]
)
def test_below_the_epsilon_it_counts_even_on_a_run_that_rises(eps: float, normalised: float, expected: str) -> None:
    run = synthetic(
        "a",
        return_std=[1e-6] * 12,
        adam_eps=eps,
        normalize_targets=normalised,
        eval_mean_return=[1e-6 * k for k in range(12)],
    )
    assert judge(return_scale_small, run).status == expected


def test_a_rare_reward_is_not_a_small_one() -> None:
    run = synthetic("a", return_std=[0.001] * 12, reward_max=[0.0] * 11 + [1.0], eval_mean_return=FLAT)
    assert judge(return_scale_small, run).status == "clean"
