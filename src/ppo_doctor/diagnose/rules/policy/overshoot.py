"""POL114 overshoot."""

from __future__ import annotations

import numpy as np

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import broken, need, progress
from ppo_doctor.run import Series, synthetic


@rule(
    "POL114",
    severity="warning",
    instead={"approx_kl_max": ("approx_kl_mean", "approx_kl_last"), "eval_mean_return": ("mean_ep_return",)},
)
def overshoot(
    approx_kl_max: Series,
    eval_mean_return: Series,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    *,
    limit: float = 0.05,
    factor: float = 3.0,
    lost: float = 0.3,
    least: int = 8,
) -> list[Finding]:
    """The return broke down right after updates that moved the policy too far.

    Looks at
    Where the return changes its level downwards (CUSUM), having lost more than `lost` of what the run had gained; and
    the largest KL between the two returns before that change: above `limit` and above `factor` times the median of all.
    Needs `least` returns.

    Why it matters
    The surrogate is only trusted near the old policy. A step past it can undo everything in one update.

    When it is wrong
    A moving average of the return changes later than the policy does, so that the culprit may lie before the window.

    What to do
    Go back to the best checkpoint. Smaller learning rate, fewer epochs, a KL stop, larger batches: in this order.

    References
    Schulman et al. 2015, Trust Region Policy Optimization; Schulman et al. 2017, section 6.
    """
    need(eval_mean_return, int(least), "points")
    come = progress(eval_mean_return, random_return, best_baseline_return, random_return_std)
    drop = broken(eval_mean_return)
    if drop is None or drop.after >= drop.before or come.lost <= lost:
        return []
    first = eval_mean_return.step[max(drop.index - 2, 0)]
    near = (approx_kl_max.step >= first) & (approx_kl_max.step <= drop.step)
    bar = max(limit, factor * float(np.median(approx_kl_max.value)))
    if not near.any() or approx_kl_max.value[near].max() <= bar:
        return []
    window = approx_kl_max.where(near)
    far = seen(window, window.value.max(), "largest before the drop", ">", bar, hits=window.value > bar)
    fell = seen(
        eval_mean_return.where(eval_mean_return.step >= drop.step),
        drop.after,
        "median after the drop",
        "<",
        drop.before,
    )
    return [Finding("An update that went too far destroyed what was learnt.", (far, fell), REMEDIES)]


REMEDIES = (
    Remedy(
        "Halve the learning rate",
        "the step was larger than the data behind it could carry",
        verify="approx_kl_max stays below its limit and the return keeps its level",
        change={"learning_rate": "x0.5"},
    ),
    Remedy("Take fewer passes over each rollout", "later passes move the policy furthest", change={"n_epochs": "x0.5"}),
    Remedy(
        "Stop the update at a target KL",
        "it bounds exactly what went wrong here",
        verify="early_stopped is one where the spikes were",
        change={"target_kl": "0.02"},
    ),
)

_LOST = [10.0, 30.0, 60.0, 80.0, 90.0, 91.0, 90.0, 20.0, 21.0, 19.0, 20.0, 20.0, 21.0]
_SPIKE = [0.01] * 6 + [0.6] + [0.01] * 6
FIRES = (synthetic("one step too far", approx_kl_max=_SPIKE, eval_mean_return=_LOST),)
SILENT = (
    synthetic(
        "a spike that did no harm", approx_kl_max=_SPIKE, eval_mean_return=[10.0, 40.0, 80.0] + [100.0, 101.0] * 5
    ),
    synthetic("lost without any spike", approx_kl_max=[0.01] * 13, eval_mean_return=_LOST),
)
