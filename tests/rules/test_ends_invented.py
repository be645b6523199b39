import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.data.ends_invented import ends_invented
from ppo_doctor.run import synthetic


def run(ends: float, episodes: float, **more):
    """Ends and episodes of 4 updates of 100 rows, `ends` of which half are cut."""
    half = [ends / 200.0] * 4
    known = {"rollout_rows": 100.0} | more
    return synthetic("a", terminated_frac=half, truncated_frac=half, n_episodes=[episodes] * 4, **known)


@pytest.mark.parametrize(
    ("ends", "episodes", "expected"),
    [(10.0, 10.0, "clean"), (15.7, 10.0, "clean"), (15.8, 10.0, "fired"), (0.0, 10.0, "clean"), (100.0, 0.0, "fired")],
)
def test_boundaries(ends: float, episodes: float, expected: str) -> None:
    """Bar: 1.5 times 40 episodes and 3, which is 63 ends, 15.75 an update."""
    assert judge(ends_invented, run(ends, episodes)).status == expected


def test_agents_may_end_on_their_own() -> None:
    assert judge(ends_invented, run(50.0, 10.0, n_agents=3)).status == "undecided"


def test_two_updates_are_too_few() -> None:
    few = synthetic("a", terminated_frac=[1.0] * 2, truncated_frac=[0.0] * 2, n_episodes=[1.0] * 2, rollout_rows=100)
    assert judge(ends_invented, few).status == "undecided"
