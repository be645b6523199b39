"""ENV137 episode-limit-overrun."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given, seen
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.diagnose.series import complete, need
from ppo_doctor.run import Series, synthetic


@rule("ENV137", severity="critical")
def episode_limit_overrun(
    n_episodes: Series,
    n_envs: float,
    n_steps: float,
    episode_limit: float,
    *,
    slack: float = 0.1,
    share: float = 0.9,
    least: int = 3,
) -> list[Finding]:
    """Fewer episodes ended than the environment's own time limit must have ended.

    Looks at
    The number of finished episodes. In T steps an environment whose episodes have at most L steps ends at least
    floor(T / L) of them; each of `n_envs` is given `slack` more steps per episode (a reset may cost one), and the rule
    fires below `share` of what is then the least. Undecided while that is under `least`, and where the log does not
    hold every update: episodes that it does not hold are not missed.

    Why it matters
    Episodes end, but nobody is told: a wrapper drops the flags, or resets by itself. Returns then flow from one episode
    into the next, and no return is ever counted.

    When it is wrong
    Where the declared limit is not the one in force: it was removed or raised by hand.

    What to do
    Play one environment past its limit and look at the flags of that step; pass them through every wrapper.

    References
    Pardo et al. 2018, Time Limits in Reinforcement Learning; Gymnasium, TimeLimit and `max_episode_steps`.
    """
    need(n_episodes, 2)
    if min(n_envs, episode_limit) < 1.0:
        raise Undecided(f"{n_envs:g} environments with episodes of {episode_limit:g} steps cannot be")
    complete(n_episodes, n_envs * n_steps)
    start = int(n_episodes.step[0])
    counted = n_episodes.where(n_episodes.step > start)
    steps = (counted.last_step - start) / n_envs
    due = n_envs * (steps // (episode_limit * (1.0 + slack)))
    if due < least:
        raise Undecided(f"{steps:g} steps of each environment end too few episodes of {episode_limit:g} to tell")
    finished = float(counted.value.sum())
    if finished >= share * due:
        return []
    evidence = (
        seen(counted, finished, "sum", "<", share * due, hits=counted.value <= 0),
        given("episode_limit", episode_limit),
        given("n_envs", n_envs),
    )
    return [Finding("Fewer episodes ended than the time limit must have ended.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Report terminated and truncated through every wrapper, before anything is reset",
        "an end that nobody hears of lets the next episode pay for this one",
        confirm="episode_ends",
        verify="n_episodes is at least n_envs * steps / episode_limit",
    ),
)

FIRES = (
    synthetic("limit of 100, no end", n_episodes=[0] * 10, n_envs=8, n_steps=200, episode_limit=100, every=1600),
    synthetic("half of them are lost", n_episodes=[8] * 10, n_envs=8, n_steps=200, episode_limit=100, every=1600),
)
SILENT = (
    synthetic("cut at the limit", n_episodes=[16] * 10, n_envs=8, n_steps=200, episode_limit=100, every=1600),
    synthetic(
        "a reset costs a step",
        n_episodes=[16, 16, 15, 16, 16, 16, 16, 15, 16, 16],
        n_envs=8,
        n_steps=202,
        episode_limit=100,
        every=1616,
    ),
    synthetic("ends earlier", n_episodes=[40, 38, 41, 39] * 3, n_envs=8, n_steps=200, episode_limit=100, every=1600),
)
