import pytest

from ppo_doctor.diagnose.differential import examine
from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.reward.cost_is_paid import cost_is_paid
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("name", "expected"),
    [("slowdown", "fired"), ("Energy-Cost", "fired"), ("costume", "clean"), ("distance", "clean"), ("speed", "clean")],
)
def test_names_are_read_word_by_word(name: str, expected: str) -> None:
    assert judge(cost_is_paid, synthetic("a", reward_term={name: [1.0] * 8})).status == expected


@pytest.mark.parametrize(("last", "expected"), [(1.0, "fired"), (0.0, "clean"), (-1.0, "clean")])
def test_one_update_that_is_not_paid_acquits(last: float, expected: str) -> None:
    assert judge(cost_is_paid, synthetic("a", reward_term={"cost": [1.0] * 7 + [last]})).status == expected


def test_too_short_is_undecided() -> None:
    assert judge(cost_is_paid, synthetic("a", reward_term={"cost": [1.0] * 4})).status == "undecided"


def test_it_names_the_cause_on_a_run_that_learns() -> None:
    rising = [9.0 * k for k in range(12)]
    run = synthetic("a", reward_term={"cost": [1.0] * 12}, mean_ep_return=rising, random_return=0, random_return_std=1)
    assert "reward-sign-wrong" in [one.cause.id for one in examine(run).causes][:3]
