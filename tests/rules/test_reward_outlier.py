import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.reward.reward_outlier import reward_outlier
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("size", "times", "expected"),
    [(300.0, 1, "clean"), (301.0, 1, "fired"), (-301.0, 2, "fired"), (1e6, 3, "clean"), (-1e6, 1, "fired")],
)
def test_boundaries(size: float, times: int, expected: str) -> None:
    top = [max(size, 1.0)] * times + [1.0] * (14 - times)
    bottom = [min(size, 0.0)] * times + [0.0] * (14 - times)
    assert judge(reward_outlier, synthetic("a", reward_max=top, reward_min=bottom)).status == expected


def test_too_short_is_undecided() -> None:
    assert (
        judge(reward_outlier, synthetic("a", reward_max=[1.0] * 8 + [1e9], reward_min=[0.0] * 9)).status == "undecided"
    )


@pytest.mark.parametrize(("down", "expected"), [(-1e3, "fired"), (-1.0, "clean")])
def test_spikes_on_both_sides_are_no_bonus_however_often(down: float, expected: str) -> None:
    run = synthetic("a", reward_max=[1.0, 1e3, 1e3, 1e3] * 4, reward_min=[-1.0, -1.0, down, -1.0] * 4)
    assert judge(reward_outlier, run).status == expected
