import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.env.no_episode_ends import no_episode_ends
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("envs", "expected"), [(1, "fired"), (2, "fired"), (3, "clean")])
def test_steps_are_counted_per_environment(envs: int, expected: str) -> None:
    assert judge(no_episode_ends, synthetic("a", n_episodes=[0] * 10, n_envs=envs, every=4000)).status == expected


@pytest.mark.parametrize(("planned", "expected"), [(10_000, "fired"), (11_111, "fired"), (11_112, "clean")])
def test_a_plan_that_holds_no_end_of_an_episode_is_enough(planned: int, expected: str) -> None:
    run = synthetic("a", n_episodes=[0] * 10, n_envs=8, total_steps=planned)
    assert judge(no_episode_ends, run).status == expected


def test_one_end_is_enough_and_a_short_run_is_undecided() -> None:
    assert judge(no_episode_ends, synthetic("a", n_episodes=[0] * 9 + [1], n_envs=1, every=9000)).status == "clean"
    assert judge(no_episode_ends, synthetic("a", n_episodes=[0] * 4, n_envs=1, every=90_000)).status == "undecided"
    assert judge(no_episode_ends, synthetic("a", n_episodes=[0] * 9, every=90_000)).status == "undecided"


@pytest.mark.parametrize(("steps", "expected"), [(4000, "fired"), (2000, "undecided"), (None, "fired")])
def test_episodes_of_updates_that_are_not_in_the_log_may_have_ended(steps: int | None, expected: str) -> None:
    known = {} if steps is None else {"n_steps": steps}
    run = synthetic("a", n_episodes=[0] * 10, n_envs=1, every=4000, **known)
    assert judge(no_episode_ends, run).status == expected
