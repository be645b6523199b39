"""DAT110 timeout-as-terminal."""

from __future__ import annotations

from typing import Any

from ppo_doctor.diagnose.finding import Finding, Remedy, given, seen
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.diagnose.series import need, tail
from ppo_doctor.run import Series, synthetic


@rule("DAT110", severity="warning")
def timeout_as_terminal(
    terminated_frac: Series,
    truncated_frac: Series,
    mean_ep_length: Series,
    timeout_share: float | None = None,
    *,
    limit: float = 0.05,
    least: int = 6,
    length: float = 10.0,
) -> list[Finding]:
    """Reaching the time limit is stored as if the task had ended.

    Looks at
    No step of the run is stored as truncated, although more than `limit` of the episodes end by a time limit according
    to the probe. Without the probe: all episodes of the last half (`least` points) have exactly the same length of
    `length` or more; then it is undecided, because a task of fixed length looks the same.

    Why it matters
    The value of the state at the limit is learnt as zero. States near the limit look worthless, and so do those from
    which one gets there by doing well.

    When it is wrong
    Where the limit is part of the task and the observation shows the time left, its end is a true one.

    What to do
    Bootstrap from the value of the state at the cut, and cut the advantage there.

    References
    Pardo et al. 2018, Time Limits in Reinforcement Learning; cleanrl issue 198.
    """
    need(terminated_frac, 1)
    if truncated_frac.value.any() or not terminated_frac.value.any():
        return []
    if timeout_share is None:
        need(mean_ep_length, int(least), "points")
        late = tail(mean_ep_length, 0.5)
        if late.value.min() != late.value.max() or late.value.min() < length:
            return []
        raise Undecided("all episodes have one length and all ends count as terminal: a limit, or a task of fixed length")
    if timeout_share <= limit:
        return []
    evidence = (
        given("timeout_share", timeout_share, ">", limit),
        seen(truncated_frac, truncated_frac.value.max(), "largest"),
        seen(terminated_frac, terminated_frac.value.max(), "largest"),
    )
    return [Finding("The critic learns that time running out is death.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Report the limit as truncated, and bootstrap there",
        "the state after the limit has a value; only the episode is over",
        confirm="episode_ends",
        verify="truncated_frac is positive and value_mean near the limit rises",
    ),
    Remedy(
        "If the limit is part of the task, put the time left into the observation",
        "the value then can fall towards it",
        verify="explained_variance rises",
    ),
)

_ENDS: Any = {"terminated_frac": [0.01] * 8, "mean_ep_length": [100.0] * 8}
FIRES = (synthetic("a limit counts as death", truncated_frac=[0.0] * 8, timeout_share=0.8, **_ENDS),)
SILENT = (
    synthetic("limits are stored", truncated_frac=[0.01] * 8, timeout_share=0.8, **_ENDS),
    synthetic("no limit is reached", truncated_frac=[0.0] * 8, timeout_share=0.0, **_ENDS),
)
