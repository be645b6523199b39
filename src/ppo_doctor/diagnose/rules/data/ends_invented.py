"""DAT125 ends-invented."""

from __future__ import annotations

import numpy as np

from ppo_doctor.diagnose.finding import Finding, Remedy, given, seen
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.diagnose.series import aligned, need
from ppo_doctor.run import Series, synthetic


@rule("DAT125", severity="warning")
def ends_invented(
    terminated_frac: Series,
    truncated_frac: Series,
    n_episodes: Series,
    rollout_rows: float,
    n_agents: float | None = None,
    *,
    factor: float = 1.5,
    least: int = 3,
    ends: float = 3.0,
) -> list[Finding]:
    """More ends are stored than episodes have ended.

    Looks at
    Stored ends of the whole run (share of terminated and truncated rows, times `rollout_rows`), above `factor` times
    the episodes that the environments finished, plus `ends`. Needs `least` updates. Undecided with several agents,
    each of which may end on its own.

    Why it matters
    A stored end cuts the return and the bootstrap: what comes after it is not credited to what was done before.

    When it is wrong
    Wrappers that end an episode early on purpose (a life lost), while the monitor counts whole games.

    What to do
    Find who sets the flag: an index into the wrong place of a tuple, a batch border taken for an end, a stale flag.

    References
    Pardo et al. 2018, Time Limits in Reinforcement Learning; Gymnasium's documentation of terminated and truncated.
    """
    terminated, truncated, finished = aligned(terminated_frac, truncated_frac, n_episodes)
    need(terminated, int(least))
    if n_agents is not None and n_agents > 1:
        raise Undecided("with several agents, each may end on its own")
    stored = float(np.sum(terminated.value + truncated.value) * rollout_rows)
    whole = float(finished.value.sum())
    if stored <= factor * whole + ends:
        return []
    evidence = (
        seen(terminated, float(terminated.value.mean()), "mean"),
        seen(truncated, float(truncated.value.mean()), "mean"),
        given("rollout_rows", rollout_rows),
        seen(finished, whole, "sum", "<", stored / factor, hits=terminated.value > 0.0),
    )
    return [Finding("Episodes are cut where the environment went on.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Store the end that the environment reported, and nothing else",
        "an invented end hides all consequences after it",
        confirm="episode_ends",
        verify="stored ends equal n_episodes",
    ),
)

_ENDS = {"truncated_frac": [0.0] * 6, "rollout_rows": 100}
FIRES = (
    synthetic("every second step", terminated_frac=[0.5] * 6, n_episodes=[5.0] * 6, **_ENDS),
    synthetic("every step", terminated_frac=[1.0] * 6, n_episodes=[5.0] * 6, **_ENDS),
)
SILENT = (
    synthetic("as many", terminated_frac=[0.05] * 6, n_episodes=[5.0] * 6, **_ENDS),
    synthetic("one decision an episode", terminated_frac=[1.0] * 6, n_episodes=[100.0] * 6, **_ENDS),
    synthetic("lost ends are another fault", terminated_frac=[0.0] * 6, n_episodes=[5.0] * 6, **_ENDS),
)
