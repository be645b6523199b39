import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.policy.spread_never_moves import spread_never_moves
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("span", "expected"), [(0.0, "fired"), (9e-7, "fired"), (2e-6, "clean"), (0.1, "clean")])
def test_boundaries_of_the_spread(span: float, expected: str) -> None:
    run = synthetic("a", log_std_mean=[0.0] * 7 + [span], approx_kl_mean=[0.01] * 8)
    assert judge(spread_never_moves, run).status == expected


@pytest.mark.parametrize(("kl", "expected"), [(9e-5, "clean"), (1.1e-4, "fired")])
def test_a_policy_that_stands_still_is_another_matter(kl: float, expected: str) -> None:
    run = synthetic("a", log_std_mean=[0.5] * 8, approx_kl_last=[kl] * 8)
    assert judge(spread_never_moves, run).status == expected


def test_too_few_updates_are_undecided() -> None:
    run = synthetic("a", log_std_mean=[0.0] * 7, approx_kl_mean=[0.01] * 7)
    assert judge(spread_never_moves, run).status == "undecided"
