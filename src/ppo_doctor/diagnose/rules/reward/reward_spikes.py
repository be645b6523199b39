"""REW120 reward-spikes."""

from __future__ import annotations

import numpy as np

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import aligned, need
from ppo_doctor.run import Series, synthetic


@rule("REW120", severity="warning")
def reward_spikes(
    reward_max: Series,
    reward_min: Series,
    reward_mean: Series,
    reward_std: Series,
    terminated_frac: Series,
    *,
    far: float = 10.0,
    often: float = 0.25,
    least: int = 10,
) -> list[Finding]:
    """Rewards stand far out on both sides, rollout after rollout, though no episode is won or lost.

    Looks at
    The largest and the smallest reward of each update: more than `far` standard deviations from the mean, above it in
    more than `often` of the updates and below it in as many, while no step of the run was terminal. Needs `least`
    updates.

    Why it matters
    A few transitions then hold nearly all of the squared error: the critic chases them, and the advantage of all others
    is noise beside theirs.

    When it is wrong
    Tasks that pay rare prizes and rare fines in the middle of an episode.

    What to do
    Find the step: a division by nearly zero, a difference of angles that wraps, a sensor that drops out.

    References
    IsaacLab issues 1999 and 4570; van Hasselt et al. 2016 on rewards of very different sizes.
    """
    if len(terminated_frac) and terminated_frac.value.any():
        return []
    top, bottom, mean, std = aligned(reward_max, reward_min, reward_mean, reward_std)
    need(std, int(least))
    above = (std.value > 0.0) & (top.value - mean.value > far * std.value)
    below = (std.value > 0.0) & (mean.value - bottom.value > far * std.value)
    if min(above.mean(), below.mean()) <= often:
        return []
    high, low = np.median(mean.value + far * std.value), np.median(mean.value - far * std.value)
    evidence = (
        seen(top, top.value.max(), "farthest", ">", float(high), hits=above),
        seen(bottom, bottom.value.min(), "farthest", "<", float(low), hits=below),
    )
    return [Finding("Exceptional rewards enter the data again and again.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Find the steps that are paid so, and bound the term they come from",
        "an unbounded term will do it again",
        confirm="reward_terms",
        verify="reward_max and reward_min stay within a few reward_std of the mean",
    ),
)

FIRES = (
    synthetic(
        "in every rollout",
        reward_max=[1e3] * 12,
        reward_min=[-1e3] * 12,
        reward_mean=[-1.0] * 12,
        reward_std=[50.0] * 12,
        terminated_frac=[0.0] * 12,
    ),
)
SILENT = (
    synthetic(
        "won or lost at the end",
        reward_max=[1.0] * 12,
        reward_min=[-1.0] * 12,
        reward_mean=[0.0] * 12,
        reward_std=[0.05] * 12,
        terminated_frac=[0.002] * 12,
    ),
    synthetic(
        "costs with a long tail",
        reward_max=[-0.1] * 12,
        reward_min=[-900.0] * 12,
        reward_mean=[-5.0] * 12,
        reward_std=[40.0] * 12,
        terminated_frac=[0.0] * 12,
    ),
)
