import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.env.outcome_fixed import outcome_fixed
from ppo_doctor.diagnose.rules.policy.updates_too_small import updates_too_small
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("returns", "random", "std", "expected"),
    [
        ([1.0] * 8, 1.0, 0.0, "fired"),
        ([1.0] * 7 + [1.001], 1.0, 0.0, "clean"),
        ([1.0] * 8, 0.9, 0.0, "clean"),
        ([1.0] * 8, 1.0, 0.1, "clean"),
        ([0.0] * 8, 0.0, 0.0, "clean"),
        ([1.0] * 4, 1.0, 0.0, "undecided"),
    ],
)
def test_all_returns_must_be_those_of_random_play(
    returns: list[float], random: float, std: float, expected: str
) -> None:
    run = synthetic("a", mean_ep_return=returns, random_return=random, random_return_std=std)
    assert judge(outcome_fixed, run).status == expected


@pytest.mark.parametrize(("random", "expected"), [(1.0, "undecided"), (2.0, "fired")])
def test_a_symptom_says_nothing_where_no_return_could_show_learning(random: float, expected: str) -> None:
    run = synthetic(
        "a", approx_kl_mean=[0.0] * 12, mean_ep_return=[1.0] * 12, random_return=random, random_return_std=0.0
    )
    assert judge(updates_too_small, run).status == expected
