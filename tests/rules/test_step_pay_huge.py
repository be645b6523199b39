import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.reward.step_pay_huge import step_pay_huge
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("pay", "expected"), [(201.0, "fired"), (-201.0, "fired"), (199.0, "clean"), (0.0, "clean")])
def test_boundaries_by_step(pay: float, expected: str) -> None:
    run = synthetic("a", mean_ep_return=[50.0 * pay] * 5, mean_ep_length=[50.0] * 5)
    assert judge(step_pay_huge, run).status == expected


@pytest.mark.parametrize(("often", "expected"), [(5, "clean"), (6, "fired")])
def test_a_few_outliers_do_not_count(often: int, expected: str) -> None:
    returns = [1e6] * often + [10.0] * (10 - often)
    assert judge(step_pay_huge, synthetic("a", mean_ep_return=returns, mean_ep_length=[10.0] * 10)).status == expected


def test_too_few_updates_are_undecided() -> None:
    run = synthetic("a", mean_ep_return=[1e6] * 4, mean_ep_length=[10.0] * 4)
    assert judge(step_pay_huge, run).status == "undecided"
