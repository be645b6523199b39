"""ENV115 no-episode-ends."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given, seen
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.diagnose.series import need
from ppo_doctor.run import Series, synthetic


@rule("ENV115", severity="info")
def no_episode_ends(
    n_episodes: Series, n_envs: float | None = None, *, steps: float = 20_000, least: int = 5
) -> list[Finding]:
    """No episode has ended in the whole run.

    Looks at
    The number of finished episodes over `least` updates or more: none, although each environment has made `steps` steps
    (one environment is assumed if `n_envs` is unknown, and then it is undecided).

    Why it matters
    There is no return to judge by, no reset to learn from, and all environments are still in their first episode: their
    states are alike. A lost end of episode looks the same.

    When it is wrong
    Continuing tasks have no episodes; judge them by the mean reward.

    What to do
    Set a time limit, and see whether the environment's own condition for an end can ever be met.

    References
    Pardo et al. 2018, Time Limits in Reinforcement Learning; Schulman 2016: look at episode lengths.
    """
    need(n_episodes, int(least))
    if n_episodes.value.any() or n_episodes.last_step / (n_envs or 1.0) < steps:
        return []
    if n_envs is None:
        raise Undecided("no episode ended, but how many environments share the steps is unknown")
    evidence = (seen(n_episodes, n_episodes.value.max(), "largest"), given("n_envs", n_envs))
    return [Finding("The environments are still in their first episodes.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Set a time limit that is reported as truncated",
        "resets spread the states that are seen, and give returns to judge by",
        confirm="episode_ends",
        verify="n_episodes is positive",
    ),
)

FIRES = (synthetic("never ends", n_episodes=[0] * 20, n_envs=1, every=2000),)
SILENT = (
    synthetic("ends", n_episodes=[0, 0, 1, 0, 0, 1], n_envs=1, every=20_000),
    synthetic("young", n_episodes=[0] * 6, n_envs=8, every=2000),
)
