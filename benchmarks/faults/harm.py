"""Whether a fault did harm: the true return at the end against controls of the same seeds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from benchmarks.faults.cases import Case
from scipy import stats

LEAST = 0.1
"""Least harm that counts, as a share of what the control gained over random play."""
LEVEL = 0.05
"""Level of the one-sided paired t-test over seeds."""
ELSEWHERE = (
    "static-episodes",
    "every-step-terminal",
    "done-flag-lost",
    "timeout-as-terminal",
    "state-frozen",
    "mask-mismatch",
    "no-headroom",
)
"""Causes that change what an episode is: returns compare in the healthy environment only. All others are compared where
the policy was trained, since it knows no other observation or action."""


@dataclass(frozen=True)
class Harm:
    """What a fault cost."""

    worse: bool
    """The case is worse than its controls over seeds, and this seed is worse than its own control."""
    learned: bool
    """This seed is above random play by half of what its control gained: whatever is wrong, it is not dead."""
    lost: float
    """Share of the control's gain over random play that this seed lost."""


def harm(case: Case, control: Case, seed: int) -> Harm:
    """The harm of one seed of a case."""
    returns = (case.clean if case.cause in ELSEWHERE else case.own).mean(axis=1)
    healthy, chance = control.own.mean(axis=1), control.random_return
    gain = np.maximum(healthy - chance, 1e-6 + 0.01 * abs(chance))
    lost = (healthy - returns) / gain
    over_seeds = bool(np.mean(lost) >= LEAST) and _below(returns - healthy)
    return Harm(
        over_seeds and bool(lost[seed] >= LEAST), bool(returns[seed] - chance >= 0.5 * gain[seed]), float(lost[seed])
    )


def _below(difference: np.ndarray) -> bool:
    """Whether paired differences [seeds] are below 0."""
    if np.ptp(difference) < 1e-9:
        return bool(difference[0] < 0)
    return float(stats.ttest_1samp(difference, 0.0, alternative="less").pvalue) < LEVEL
