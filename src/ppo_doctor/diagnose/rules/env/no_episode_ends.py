"""ENV115 no-episode-ends."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given, seen
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.diagnose.series import complete, need
from ppo_doctor.run import Series, synthetic


@rule("ENV115", severity="info")
def no_episode_ends(
    n_episodes: Series,
    n_envs: float | None = None,
    n_steps: float | None = None,
    total_steps: float | None = None,
    *,
    steps: float = 20_000,
    share: float = 0.9,
    least: int = 5,
) -> list[Finding]:
    """No episode has ended in the whole run.

    Looks at
    The number of finished episodes over `least` updates or more: none, although each environment has made `steps` steps
    (one environment is assumed if `n_envs` is unknown, and then it is undecided), or `share` of the planned steps is
    gone. Undecided where the log does not hold every update.

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
    over = total_steps is not None and n_episodes.last_step >= share * total_steps
    if n_episodes.value.any() or (not over and n_episodes.last_step / (n_envs or 1.0) < steps):
        return []
    if n_envs is None and not over:
        raise Undecided("no episode ended, but how many environments share the steps is unknown")
    if n_envs is not None and n_steps is not None:
        complete(n_episodes, n_envs * n_steps)
    plan = {"n_envs": n_envs, "total_steps": total_steps}
    known = (given(name, value) for name, value in plan.items() if value is not None)
    evidence = (seen(n_episodes, n_episodes.value.max(), "largest"), *known)
    return [Finding("The environments are still in their first episodes.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Set a time limit that is reported as truncated",
        "resets spread the states that are seen, and give returns to judge by",
        confirm="episode_ends",
        verify="n_episodes is positive",
    ),
)

FIRES = (
    synthetic("never ends", n_episodes=[0] * 20, n_envs=1, every=2000),
    synthetic("none in the whole plan", n_episodes=[0] * 10, n_envs=8, total_steps=10_240, every=1024),
)
SILENT = (
    synthetic("ends", n_episodes=[0, 0, 1, 0, 0, 1], n_envs=1, every=20_000),
    synthetic("young", n_episodes=[0] * 6, n_envs=8, every=2000),
)
