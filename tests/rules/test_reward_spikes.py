import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.reward.reward_spikes import reward_spikes
from ppo_doctor.run import synthetic

STEADY = {"reward_mean": [0.0] * 12, "reward_std": [1.0] * 12}


@pytest.mark.parametrize(
    ("high", "low", "ended", "expected"),
    [
        (11.0, -11.0, 0.0, "fired"),
        (9.0, -11.0, 0.0, "clean"),
        (11.0, -9.0, 0.0, "clean"),
        (11.0, -11.0, 0.01, "clean"),
    ],
)
def test_both_sides_must_stand_out_in_a_task_without_an_end(
    high: float, low: float, ended: float, expected: str
) -> None:
    run = synthetic("a", reward_max=[high] * 12, reward_min=[low] * 12, terminated_frac=[ended] * 12, **STEADY)
    assert judge(reward_spikes, run).status == expected


def test_they_must_come_back() -> None:
    once = {"reward_max": [50.0] * 3 + [1.0] * 9, "reward_min": [-50.0] * 3 + [-1.0] * 9}
    run = synthetic("a", terminated_frac=[0.0] * 12, **once, **STEADY)
    assert judge(reward_spikes, run).status == "clean"


def test_a_constant_reward_has_no_spikes() -> None:
    same = {"reward_max": [1.0] * 12, "reward_min": [1.0] * 12, "reward_mean": [1.0] * 12, "reward_std": [0.0] * 12}
    assert judge(reward_spikes, synthetic("a", terminated_frac=[0.0] * 12, **same)).status == "clean"
