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
    v_loss: Series | None = None,
    *,
    factor: float = 300.0,
    local: float = 30.0,
    rare: int = 2,
    least: int = 10,
) -> list[Finding]:
    """A single reward is hundreds of times as large as any usual one.

    Looks at
    The largest size of a reward in each update, as a multiple of its median over the run: above `factor` in one update,
    and in no more than `rare` of them, for what comes back more often is part of the task (a bonus at the goal); and
    above `local` times that of the updates around it, for a policy that strays sees large rewards for a while. Or, as
    often as it likes, on both sides of zero, as a multiple of the update at the lower decile. Needs `least` updates.

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
            return []
    where = int(np.argmax(size))
    side = top if abs(top.value[where]) >= abs(bottom.value[where]) else bottom
    bar = factor * usual
    beyond = (">", bar) if side.value[where] > 0 else ("<", -bar)
    evidence = [seen(side, side.value[where], "farthest", *beyond, hits=out)]
    if v_loss is not None and len(v_loss):
        evidence.append(seen(v_loss, v_loss.value.max(), "largest"))
    return [Finding("An exceptional reward has entered the data.", tuple(evidence), REMEDIES)]


def _around(size: np.ndarray) -> np.ndarray:
    """[updates] median of the two updates before and the two after each."""
    padded = np.pad(size, 2, constant_values=np.nan)
    return np.nanmedian([padded[k : k + len(size)] for k in (0, 1, 3, 4)], axis=0)


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
        "again and again, up and down", reward_max=[1.0, 1e3, 1.1, 1e3] * 4, reward_min=[-1e3, -1.0, -1.0] * 5 + [-1.0]
    ),
    synthetic("physics diverged", reward_max=_USUAL * 3, reward_min=[-1.0] * 7 + [-1e6] + [-1.0] * 4),
    synthetic(
        "division by nearly zero", reward_max=[1.0] * 11 + [5e3], reward_min=[0.0] * 12, v_loss=[0.1] * 11 + [1e5]
    ),
)
SILENT = (
    synthetic("it strayed before it learnt", reward_max=[-0.1] * 12, reward_min=[-30.0, -900.0, -90.0] + [-2.0] * 9),
    synthetic("usual", reward_max=_USUAL * 3, reward_min=[-1.0] * 12),
    synthetic("a bonus at the goal", reward_max=[0.0, 100.0, 0.0, 100.0] * 3, reward_min=[-0.1] * 12),
    synthetic("sparse", reward_max=[0.0] * 11 + [1.0], reward_min=[0.0] * 12),
)
