import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.reward.episode_return_tiny import episode_return_tiny
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("largest", "expected"), [(0.0, "clean"), (1e-9, "fired"), (-9.9e-3, "fired"), (1e-2, "clean")]
)
def test_boundaries(largest: float, expected: str) -> None:
    assert judge(episode_return_tiny, synthetic("a", mean_ep_return=[0.0] * 4 + [largest])).status == expected


def test_too_few_points_are_undecided() -> None:
    assert judge(episode_return_tiny, synthetic("a", mean_ep_return=[1e-9] * 4)).status == "undecided"
