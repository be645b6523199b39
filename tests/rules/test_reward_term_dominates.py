import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.reward.reward_term_dominates import reward_term_dominates
from ppo_doctor.run import synthetic

FLAT = [10.0, 11.0, 9.0, 10.0] * 3


@pytest.mark.parametrize(("share", "expected"), [(0.99, "clean"), (0.991, "fired"), (1.4, "fired")])
def test_boundaries(share: float, expected: str) -> None:
    shares = {"a": [share] * 12, "b": [0.0] * 12}
    assert (
        judge(reward_term_dominates, synthetic("a", reward_term_share=shares, eval_mean_return=FLAT)).status == expected
    )


def test_a_large_constant_term_does_not_dominate() -> None:
    terms = {"reward_term": {"alive": [100.0] * 12, "task": [0.1] * 12}}
    shares = {"alive": [0.0] * 12, "task": [0.7] * 12}
    run = synthetic("a", reward_term_share=shares, eval_mean_return=FLAT, **terms)
    assert judge(reward_term_dominates, run).status == "clean"


def test_without_returns_it_is_undecided() -> None:
    shares = {"a": [0.995] * 12, "b": [0.0] * 12}
    assert judge(reward_term_dominates, synthetic("a", reward_term_share=shares)).status == "undecided"


@pytest.mark.parametrize(("share", "expected"), [(0.998, "clean"), (0.9995, "fired")])
def test_alone_it_counts_even_on_a_run_that_learns(share: float, expected: str) -> None:
    shares = {"a": [share] * 12, "b": [1.0 - share] * 12}
    run = synthetic("a", reward_term_share=shares, eval_mean_return=[9.0 * k for k in range(12)])
    assert judge(reward_term_dominates, run).status == expected
