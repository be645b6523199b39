import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.env.episode_limit_overrun import episode_limit_overrun
from ppo_doctor.run import Run, synthetic


def run(each: int, updates: int = 11, limit: int = 100) -> Run:
    """`each` episodes end in every update of 4 environments times 110 steps; the first update is no measure."""
    return synthetic("a", n_episodes=[each] * updates, n_envs=4, n_steps=110, episode_limit=limit, every=440)


@pytest.mark.parametrize(("each", "expected"), [(0, "fired"), (3, "fired"), (4, "clean"), (40, "clean")])
def test_an_environment_ends_an_episode_per_limit(each: int, expected: str) -> None:
    assert judge(episode_limit_overrun, run(each)).status == expected  # 10 updates are due 40, less a tenth


@pytest.mark.parametrize(("limit", "expected"), [(1000, "fired"), (1001, "undecided")])
def test_too_few_steps_tell_nothing(limit: int, expected: str) -> None:
    assert judge(episode_limit_overrun, run(0, limit=limit)).status == expected


def test_a_log_that_begins_late_is_due_only_what_it_holds() -> None:
    whole = run(4, updates=21)
    counted = whole.series("n_episodes")
    late = Run("late", whole.signals | {"n_episodes": counted.where(counted.step > 10 * 440)})
    assert judge(episode_limit_overrun, late).status == "clean"


def test_evidence_counts_what_the_verdict_counts() -> None:
    """The first update says when counting begins, and no more."""
    evidence = judge(episode_limit_overrun, run(3)).findings[0].evidence[0]
    assert (evidence.observed, evidence.total) == (30, 10)


@pytest.mark.parametrize(("envs", "limit"), [(0, 100), (4, 0), (4, -1)])
def test_a_limit_or_a_number_of_environments_that_cannot_be_is_undecided(envs: int, limit: int) -> None:
    wrong = synthetic("a", n_episodes=[0] * 11, n_envs=envs, n_steps=110, episode_limit=limit, every=440)
    assert judge(episode_limit_overrun, wrong).status == "undecided"


def test_what_was_not_declared_is_no_limit() -> None:
    assert judge(episode_limit_overrun, synthetic("a", n_episodes=[0] * 20, n_envs=1, n_steps=1000)).status == "skipped"


@pytest.mark.parametrize(("kept", "expected"), [(1, "fired"), (2, "undecided")])
def test_episodes_of_updates_that_are_not_in_the_log_are_not_missed(kept: int, expected: str) -> None:
    """Where updates are short, not each is recorded; of a very long log a share of the rows is read."""
    rare = synthetic("a", n_episodes=[0] * 11, n_envs=4, n_steps=110, episode_limit=100, every=440 * kept)
    assert judge(episode_limit_overrun, rare).status == expected
