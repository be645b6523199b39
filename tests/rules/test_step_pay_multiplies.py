import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.reward.step_pay_multiplies import step_pay_multiplies
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("factor", "expected"), [(14.9, "clean"), (15.1, "fired")])
def test_boundaries(factor: float, expected: str) -> None:
    run = synthetic("a", mean_ep_return=[10.0] * 3 + [10.0 * factor] * 9, mean_ep_length=[10.0] * 12)
    assert judge(step_pay_multiplies, run).status == expected


@pytest.mark.parametrize("start", [[-1.0, 1.0, 2.0], [0.0, 0.0, 0.0], [1.0, 10.0, 30.0], [-10.0, -10.0, -10.0]])
def test_a_start_near_zero_or_below_grows_by_any_factor(start: list[float]) -> None:
    run = synthetic("a", mean_ep_return=[*start, *[9000.0] * 9], mean_ep_length=[10.0] * 12)
    assert judge(step_pay_multiplies, run).status == "clean"


def test_longer_episodes_earn_more_by_their_length() -> None:
    run = synthetic("a", mean_ep_return=[10.0] * 3 + [500.0] * 9, mean_ep_length=[10.0] * 3 + [500.0] * 9)
    assert judge(step_pay_multiplies, run).status == "clean"


def test_too_few_updates_are_undecided() -> None:
    run = synthetic("a", mean_ep_return=[10.0] * 3 + [900.0] * 6, mean_ep_length=[10.0] * 9)
    assert judge(step_pay_multiplies, run).status == "undecided"
