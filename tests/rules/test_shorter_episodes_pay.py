import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.reward.shorter_episodes_pay import shorter_episodes_pay
from ppo_doctor.run import synthetic

FALLING = [100.0, 100.0, 100.0, 95.0, 90.0, 85.0, 84.0, 83.0, 82.0, 80.0, 80.0, 80.0]


@pytest.mark.parametrize(("offset", "expected"), [(0.0, "fired"), (1.0, "clean")])
def test_a_fifth_shorter_is_enough(offset: float, expected: str) -> None:
    length = FALLING[:3] + [one + offset for one in FALLING[3:]]
    run = synthetic("a", mean_ep_length=length, mean_ep_return=[-one for one in FALLING])
    assert judge(shorter_episodes_pay, run).status == expected


def test_a_return_above_zero_is_no_cost() -> None:
    run = synthetic("a", mean_ep_length=FALLING, mean_ep_return=[110.0 - one for one in FALLING])
    assert judge(shorter_episodes_pay, run).status == "clean"
