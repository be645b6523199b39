import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.reward.episode_return_zero import episode_return_zero
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("paid", "expected"), [(0, "fired"), (1, "fired"), (2, "clean")])
def test_nine_tenths_must_be_zero(paid: int, expected: str) -> None:
    run = synthetic("a", mean_ep_return=[0.0] * (18 - paid) + [1.0] * paid)
    assert judge(episode_return_zero, run).status == expected


def test_too_early_it_is_undecided() -> None:
    assert judge(episode_return_zero, synthetic("a", mean_ep_return=[0.0] * 7)).status == "undecided"
    assert judge(episode_return_zero, synthetic("a", mean_ep_return=[0.0] * 8, total_steps=1e6)).status == "undecided"
