"""REW104 reward-outlier."""

from __future__ import annotations

import numpy as np

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import aligned, need
from ppo_doctor.run import Series, synthetic


@rule("REW104", severity="warning")
def reward_outlier(
    reward_max: Series,
    reward_min: Series,
    reward_mean: Series | None = None,
    reward_std: Series | None = None,
    terminated_frac: Series | None = None,
    v_loss: Series | None = None,
    *,
    factor: float = 300.0,
    local: float = 30.0,
    far: float = 10.0,
    rare: int = 2,
    least: int = 10,
) -> list[Finding]:
    """A single reward is hundreds of times as large as any usual one.

    Looks at
    The largest size of a reward in each update, as a multiple of its median over the run: above `factor` in one update,
    and in no more than `rare` of them, for what comes back more often is part of the task (a bonus at the goal); and
    above `local` times that of the updates around it, for a policy that strays sees large rewards for a while. Or, as
    often as it likes, on both sides of zero, as a multiple of the update at the lower decile: a task pays its bonus on
    one side. Or, where no episode terminates, so that nothing is won or lost: more than `far` standard deviations from
    the mean, above it in a quarter of the updates and below it in a quarter. Needs `least` updates.

    Why it matters
    One transition of that size drives the critic away from everything it knew, and the policy with it.

    When it is wrong
    The very first successes of a sparse task with a large bonus look like this until they come back.

    What to do
    Find the step: a division by nearly zero, a physics engine that diverged, a term without a bound.

    References
    IsaacLab issues 1999 and 4570; rsl_rl issue 95.
    """
    top, bottom = aligned(reward_max, reward_min)
    need(top, int(least))
    size = np.maximum(np.abs(top.value), np.abs(bottom.value))
    usual = float(np.median(size))
    out = (size > factor * usual) & (size > local * _around(size))
    if usual == 0.0 or not 0 < out.sum() <= rare:
        usual = float(np.quantile(size, 0.1))
        out = size > factor * usual
        if usual == 0.0 or min(top.value.max(), -bottom.value.min()) <= factor * usual:
            return _heavy(top, bottom, reward_mean, reward_std, terminated_frac, far)
    where = int(np.argmax(size))
    side = top if abs(top.value[where]) >= abs(bottom.value[where]) else bottom
    bar = factor * usual
    if side.value[where] > 0:
        evidence = [seen(side, side.value[where], "farthest", ">", bar, hits=out)]
    else:
        evidence = [seen(side, side.value[where], "farthest", "<", -bar, hits=out)]
    if v_loss is not None and len(v_loss):
        evidence.append(seen(v_loss, v_loss.value.max(), "largest"))
    return [Finding("An exceptional reward has entered the data.", tuple(evidence), REMEDIES)]


def _around(size: np.ndarray) -> np.ndarray:
    """[updates] median of the two updates before and the two after each."""
    padded = np.pad(size, 2, constant_values=np.nan)
    return np.nanmedian([padded[k : k + len(size)] for k in (0, 1, 3, 4)], axis=0)


def _heavy(
    top: Series, bottom: Series, mean: Series | None, std: Series | None, ended: Series | None, far: float
) -> list[Finding]:
    """The finding if rewards stand far out on both sides, in a task without an end of its own; else none."""
    if mean is None or std is None or ended is None or not len(ended) or ended.value.any():
        return []
    top, bottom, mean, std = aligned(top, bottom, mean, std)
    above = (std.value > 0.0) & (top.value - mean.value > far * std.value)
    below = (std.value > 0.0) & (mean.value - bottom.value > far * std.value)
    if not len(std) or min(above.mean(), below.mean()) <= 0.25:
        return []
    bars = np.median(mean.value + far * std.value), np.median(mean.value - far * std.value)
    evidence = (
        seen(top, top.value.max(), "farthest", ">", float(bars[0]), hits=above),
        seen(bottom, bottom.value.min(), "farthest", "<", float(bars[1]), hits=below),
        seen(std, float(np.median(std.value)), "median"),
    )
    return [Finding("Exceptional rewards enter the data again and again.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Find the step that paid it, and bound the term it comes from",
        "an unbounded term will do it again",
        confirm="reward_terms",
        verify="reward_max and reward_min stay within a few times their median",
    ),
    Remedy(
        "Clip rewards far beyond their usual range, and count how often the clip acts",
        "a rare clip protects the critic and hardly changes the task",
        verify="v_loss has no spikes",
    ),
)

_USUAL = [1.0, 1.2, 0.9, 1.1]
FIRES = (
    synthetic(
        "in every rollout, and no episode is won or lost",
        reward_max=[1e3] * 12,
        reward_min=[-1e3] * 12,
        reward_mean=[-1.0] * 12,
        reward_std=[50.0] * 12,
        terminated_frac=[0.0] * 12,
    ),
    synthetic(
        "again and again, up and down", reward_max=[1.0, 1e3, 1.1, 1e3] * 4, reward_min=[-1e3, -1.0, -1.0] * 5 + [-1.0]
    ),
    synthetic("physics diverged", reward_max=_USUAL * 3, reward_min=[-1.0] * 7 + [-1e6] + [-1.0] * 4),
    synthetic(
        "division by nearly zero", reward_max=[1.0] * 11 + [5e3], reward_min=[0.0] * 12, v_loss=[0.1] * 11 + [1e5]
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
        "it strayed far before it learnt",
        reward_max=[-0.1] * 16,
        reward_min=[-900.0, -2000.0, -4000.0, -3000.0, -500.0, -50.0] + [-2.0] * 10,
    ),
    synthetic("usual", reward_max=_USUAL * 3, reward_min=[-1.0] * 12),
    synthetic("a bonus at the goal", reward_max=[0.0, 100.0, 0.0, 100.0] * 3, reward_min=[-0.1] * 12),
    synthetic("sparse", reward_max=[0.0] * 11 + [1.0], reward_min=[0.0] * 12),
)
