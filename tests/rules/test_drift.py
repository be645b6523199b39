import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.policy.drift import drift
from ppo_doctor.run import synthetic

UP = [10.0, 30.0, 60.0, 80.0, 90.0, 90.0, 90.0]


@pytest.mark.parametrize(("end", "expected"), [(50.0, "clean"), (49.0, "fired"), (10.0, "fired")])
def test_half_of_the_gain(end: float, expected: str) -> None:
    run = synthetic("a", approx_kl_max=[0.01] * 15, eval_mean_return=UP + [end] * 8)
    assert judge(drift, run).status == expected


@pytest.mark.parametrize(("kl", "expected"), [(0.02, "fired"), (0.021, "clean")])
def test_one_large_update_makes_it_another_fault(kl: float, expected: str) -> None:
    run = synthetic("a", approx_kl_max=[0.01] * 14 + [kl], eval_mean_return=UP + [10.0] * 8)
    assert judge(drift, run).status == expected


def test_flat_self_play_is_no_drift() -> None:
    run = synthetic("a", approx_kl_max=[0.01] * 15, eval_mean_return=[0.1, -0.1, 0.0] * 5)
    assert judge(drift, run).status == "clean"
