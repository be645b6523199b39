"""EVA115 best-so-far-reported."""

from __future__ import annotations

import numpy as np

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import aligned, need
from ppo_doctor.run import Series, synthetic


@rule("EVA115", severity="warning")
def best_so_far_reported(
    eval_mean_return: Series, eval_max_block_return: Series, *, slack: float = 1e-3, least: int = 6
) -> list[Finding]:
    """The evaluation return never falls, and stays above episodes that did.

    Looks at
    An evaluation mean that falls at none of `least` evaluations or more, and at some of them repeats its last value
    while it lies above the best block of that evaluation (by more than `slack` of it).

    Why it matters
    It is the best of all evaluations so far, chosen on the seeds it is reported for: biased upward by the luck of the
    best, blind to every loss.

    When it is wrong
    If the blocks come from another evaluation than the mean.

    What to do
    Log every evaluation as it is. Choose on validation seeds; report on others, once.

    References
    Henderson et al. 2018; Agarwal et al. 2021.
    """
    mean, high = aligned(eval_mean_return, eval_max_block_return)
    need(mean, int(least), "evaluations")
    change = np.diff(mean.value, prepend=mean.value[0])
    held = (change == 0.0) & (mean.value > high.value + slack * np.abs(high.value) + 1e-9)
    if (change < 0.0).any() or not held[1:].any():
        return []
    where = int(np.argmax(np.where(held, mean.value - high.value, -np.inf)))
    evidence = (
        seen(mean, float(mean.value[where]), "held at", ">", float(high.value[where]), hits=held),
        seen(high, float(high.value[where]), "there"),
    )
    return [Finding("The curve is a running best, not the return of the policy in force.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Log each evaluation as it is, and report the chosen checkpoint on seeds that chose nothing",
        "the best of many is lucky",
        verify="eval_mean_return falls now and then",
    ),
)

_BEST_BLOCK = [12.0, 24.0, 31.0, 22.0, 46.0, 40.0, 51.0, 44.0]
_BEST_SO_FAR = [10.0, 20.0, 30.0, 30.0, 45.0, 45.0, 50.0, 50.0]
_AS_IT_IS = [10.0, 20.0, 30.0, 20.0, 45.0, 38.0, 50.0, 42.0]
FIRES = (synthetic("a running best", eval_mean_return=_BEST_SO_FAR, eval_max_block_return=_BEST_BLOCK),)
SILENT = (
    synthetic("as it is", eval_mean_return=_AS_IT_IS, eval_max_block_return=_BEST_BLOCK),
    synthetic("solved", eval_mean_return=[9.0] * 8, eval_max_block_return=[9.0] * 8),
)
