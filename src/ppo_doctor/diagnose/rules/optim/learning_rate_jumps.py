"""OPT108 learning-rate-jumps."""

from __future__ import annotations

import numpy as np

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import need
from ppo_doctor.run import Series, synthetic


@rule("OPT108", severity="warning")
def learning_rate_jumps(
    learning_rate: Series,
    eval_mean_return: Series | None = None,
    *,
    factor: float = 1.5,
    most: int = 3,
    again: float = 1.05,
    same: float = 0.05,
    least: int = 10,
) -> list[Finding]:
    """A decaying learning rate jumps up again.

    Looks at
    Steps from one update to the next, after the first three updates: `most` or fewer rise by more than `factor`, or all
    that rise do so by more than `again` and lead back to the first rate (within a share `same`), while all others fall
    or stay and some fall. Needs `least` updates. Rates that rise to different values are adaptive, or warm up.

    Why it matters
    The mark of a resume that restored the weights but not the schedule: the policy is hit by steps of its youth, and
    with the optimiser's moments lost as well, the return drops.

    When it is wrong
    Cosine schedules with restarts jump on purpose.

    What to do
    Compare learning rate, KL and return just before and after; save and load schedule, optimiser and normaliser.

    References
    rsl_rl issue 221; stable-baselines3 issue 1256.
    """
    need(learning_rate, int(least))
    value = learning_rate.value
    rise = np.concatenate([[1.0], value[1:] / np.maximum(value[:-1], 1e-30)])
    rise[:3] = 1.0
    up = rise > again
    restarts = up.any() and bool(np.abs(value[up] - value[:3].max()).max() <= same * value[:3].max())
    if not restarts:
        up = rise > factor
    creeps = (rise > 1 + 1e-9) & ~up
    if not (np.diff(value) < 0).any() or creeps.any() or not up.any() or (up.sum() > most and not restarts):
        return []
    jump = int(np.argmax(up))
    evidence = [seen(learning_rate, value[jump], "after the jump", ">", float(value[jump - 1]), hits=up)]
    if eval_mean_return is not None and len(
        later := eval_mean_return.where(eval_mean_return.step >= learning_rate.step[jump])
    ):
        evidence.append(seen(later, later.value[0], "first after it"))
    return [Finding("The schedule started again in the middle of the run.", tuple(evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Save and restore schedule position, optimiser moments and normaliser statistics with the weights",
        "weights alone are not the state of a training",
        verify="learning_rate goes on where it stood",
    ),
)

_DECAY = [1e-3 * (1.0 - 0.08 * k) for k in range(12)]
FIRES = (synthetic("schedule lost on resume", learning_rate=[*_DECAY[:8], *_DECAY[:4]]),)
SILENT = (
    synthetic("decays", learning_rate=_DECAY),
    synthetic(
        "adaptive", learning_rate=[1e-3 * k for k in (1.0, 1.6, 1.0, 1.6, 2.5, 1.6, 1.0, 1.6, 1.0, 1.6, 2.5, 1.6)]
    ),
    synthetic("warms up", learning_rate=[1e-4, 4e-4, 1e-3, *_DECAY]),
)
