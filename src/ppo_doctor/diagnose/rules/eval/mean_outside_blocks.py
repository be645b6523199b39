"""EVA114 mean-outside-blocks."""

from __future__ import annotations

import numpy as np

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import aligned, need
from ppo_doctor.run import Series, synthetic


@rule("EVA114", severity="critical")
def mean_outside_blocks(
    eval_mean_return: Series,
    eval_min_block_return: Series,
    eval_max_block_return: Series,
    *,
    slack: float = 1e-3,
    least: int = 2,
) -> list[Finding]:
    """The reported mean return cannot be a mean of the evaluation it stands beside.

    Looks at
    Evaluations whose mean lies below their worst or above their best block, by more than `slack` of the larger of the
    two in size. Fires on `least` of them. A mean of block means lies between the least and the greatest.

    Why it matters
    The number that is watched is not the return: another quantity under its name, a running best, or another average.

    When it is wrong
    If the blocks come from another evaluation than the mean.

    What to do
    Recompute the mean from the episodes; then trace where the logged number comes from.

    References
    None; arithmetic.
    """
    mean, low, high = aligned(eval_mean_return, eval_min_block_return, eval_max_block_return)
    need(mean, int(least), "evaluations")
    room = slack * np.maximum(np.abs(low.value), np.abs(high.value)) + 1e-9
    out = (mean.value < low.value - room) | (mean.value > high.value + room)
    if out.sum() < least:
        return []
    worst = int(np.argmax(np.maximum(low.value - mean.value, mean.value - high.value)))
    evidence = (
        seen(mean, float(mean.value[worst]), "farthest outside", hits=out),
        seen(low, float(low.value[worst]), "there"),
        seen(high, float(high.value[worst]), "there"),
    )
    return [Finding("The reported return is not the mean of its own episodes.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Recompute the mean return from the evaluated episodes and log that",
        "every other verdict rests on this number",
        verify="eval_mean_return lies between eval_min_block_return and eval_max_block_return",
    ),
)

FIRES = (
    synthetic(
        "another quantity",
        eval_mean_return=[7.0, 9.0, 12.0],
        eval_min_block_return=[20.0, 40.0, 90.0],
        eval_max_block_return=[24.0, 52.0, 110.0],
    ),
)
SILENT = (
    synthetic(
        "one block",
        eval_mean_return=[22.0, 45.0, 100.0],
        eval_min_block_return=[22.0, 45.0, 100.0],
        eval_max_block_return=[22.0, 45.0, 100.0],
    ),
    synthetic(
        "a mean",
        eval_mean_return=[22.0, 45.0, 100.0],
        eval_min_block_return=[20.0, 40.0, 90.0],
        eval_max_block_return=[24.0, 52.0, 110.0],
    ),
)
