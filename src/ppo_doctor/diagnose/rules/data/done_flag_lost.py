"""DAT104 done-flag-lost."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.diagnose.series import need
from ppo_doctor.run import Series, synthetic


@rule("DAT104", severity="critical")
def done_flag_lost(
    n_episodes: Series, terminated_frac: Series, truncated_frac: Series, *, least: int = 3, episodes: int = 3
) -> list[Finding]:
    """Episodes end, but no end is stored.

    Looks at
    Whether any step of the whole run is stored as terminated or truncated, although at least `episodes` episodes
    finished. Needs `least` updates.

    Why it matters
    Advantages then run on from one episode into the next: the end of one is blamed for the start of another. The usual
    bug resets the flag together with the environment, before it is stored.

    When it is wrong
    A counter of episodes that counts something else, such as chunks of a task that never ends.

    What to do
    Store the flag of the step that ended the episode, before the reset.

    References
    Huang et al. 2022, detail 5; Pardo et al. 2018, Time Limits in Reinforcement Learning.
    """
    need(n_episodes, int(least))
    need(terminated_frac, int(least))
    need(truncated_frac, int(least))
    finished = float(n_episodes.value.sum())
    if terminated_frac.value.any() or truncated_frac.value.any():
        return []
    if finished < episodes:
        raise Undecided(f"only {finished:g} episodes finished")
    evidence = (
        seen(n_episodes, finished, "sum", ">=", float(episodes), hits=n_episodes.value > 0),
        seen(terminated_frac, terminated_frac.value.max(), "largest"),
        seen(truncated_frac, truncated_frac.value.max(), "largest"),
    )
    return [Finding("The learner sees one endless episode where the environment starts many.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Store terminated and truncated of the very step that ended the episode, before the environment is reset",
        "a flag read after the reset is always false",
        confirm="stored_ends",
        verify="terminated_frac or truncated_frac is as often positive as episodes end",
    ),
)

_NONE = [0.0] * 4
FIRES = (synthetic("flag reset too early", n_episodes=[3, 4, 2, 5], terminated_frac=_NONE, truncated_frac=_NONE),)
SILENT = (
    synthetic("ends are stored", n_episodes=[3, 4, 2, 5], terminated_frac=[0.01, 0.0, 0.02, 0.01], truncated_frac=_NONE),
    synthetic("time limits are stored", n_episodes=[3, 4, 2, 5], terminated_frac=_NONE, truncated_frac=[0.01] * 4),
)
