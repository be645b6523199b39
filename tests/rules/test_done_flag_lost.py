import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.data.done_flag_lost import done_flag_lost
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("episodes", "terminated", "truncated", "expected"),
    [
        ([1, 1, 1, 0], 0.0, 0.0, "fired"),
        ([1, 1, 0, 0], 0.0, 0.0, "undecided"),
        ([9, 9, 9, 9], 1e-4, 0.0, "clean"),
        ([9, 9, 9, 9], 0.0, 1e-4, "clean"),
        ([0, 0, 0, 0], 0.0, 0.0, "undecided"),
    ],
)
def test_ends_are_conserved(episodes: list[int], terminated: float, truncated: float, expected: str) -> None:
    flags = {"terminated_frac": [0.0, terminated, 0.0, 0.0], "truncated_frac": [0.0, 0.0, truncated, 0.0]}
    assert judge(done_flag_lost, synthetic("a", n_episodes=episodes, **flags)).status == expected
