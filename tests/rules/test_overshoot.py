import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.policy.overshoot import overshoot
from ppo_doctor.run import synthetic

LOST = [10.0, 30.0, 60.0, 80.0, 90.0, 91.0, 90.0, 20.0, 21.0, 19.0, 20.0, 20.0, 21.0]


@pytest.mark.parametrize(("kl", "expected"), [(0.05, "clean"), (0.051, "fired"), (30.0, "fired")])
def test_boundaries(kl: float, expected: str) -> None:
    run = synthetic("a", approx_kl_max=[0.01] * 6 + [kl] + [0.01] * 6, eval_mean_return=LOST)
    assert judge(overshoot, run).status == expected


def test_a_run_whose_kl_is_always_large_has_no_spike() -> None:
    run = synthetic("a", approx_kl_max=[0.06] * 13, eval_mean_return=LOST)
    assert judge(overshoot, run).status == "clean"


def test_a_spike_long_before_is_not_blamed() -> None:
    run = synthetic("a", approx_kl_max=[0.01, 0.6] + [0.01] * 11, eval_mean_return=LOST)
    assert judge(overshoot, run).status == "clean"


def test_too_short_is_undecided() -> None:
    assert judge(overshoot, synthetic("a", approx_kl_max=[0.1] * 7, eval_mean_return=LOST[:7])).status == "undecided"
