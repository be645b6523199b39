"""VAL150 targets-hardly-vary."""

from __future__ import annotations

from typing import Any

import numpy as np

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.diagnose.series import after, aligned, need
from ppo_doctor.run import Series, synthetic


@rule("VAL150", severity="info", sees_nonfinite=True)
def targets_hardly_vary(
    v_loss: Series,
    explained_variance: Series,
    mean_ep_return: Series,
    mean_ep_length: Series,
    normalize_targets: float | None = None,
    normalize_reward: float | None = None,
    *,
    limit: float = 0.5,
    steps: float = 10.0,
    grows: float = 2.0,
    warmup: int = 3,
    least: int = 8,
) -> list[Finding]:
    """Value targets vary by less than one step's pay, in episodes of many steps.

    Looks at
    Two numbers that a log holds without saying so. The deviation of the value targets is the root of twice the value
    loss over one minus the explained variance (at most the former, where equal returns leave that undefined); one
    step's pay is return over length. Fires if the largest ratio of the first to the second is below `limit`, in `least`
    updates after the first `warmup` in which episodes have `steps` steps or more. Undecided where pay per step grew by
    more than `grows`, and where rewards or targets are normalised: then the two have different units.

    Why it matters
    A state far from the end of its episode is worth many steps' pay, one close to it little. Targets that do not show
    that look no further than a step: the discount is tiny, or every step is stored as an end.

    When it is wrong
    If rewards are normalised outside of the log's knowledge, and where all states of an episode are worth the same.

    What to do
    Compute one over one minus the discount, and count the ends that are stored in a rollout.

    References
    Sutton & Barto 2018, section 3.3; Pardo et al. 2018, Time Limits in Reinforcement Learning.
    """
    if normalize_targets or normalize_reward:
        raise Undecided("rewards or targets are normalised: the value loss has another unit than the return")
    loss, explained, paid, length = aligned(
        after(v_loss, int(warmup)), explained_variance, mean_ep_return, mean_ep_length
    )
    known = np.isfinite(loss.value) & np.isfinite(paid.value) & ~np.isinf(explained.value)
    many = known & (length.value >= steps)
    need(loss.where(many), int(least), f"updates with episodes of {steps:g} steps or more")
    pay = np.abs(paid.value[many] / length.value[many])
    if pay.min() <= 0.0 or np.median(pay[-3:]) > grows * np.median(pay[:3]):
        raise Undecided("pay per step is zero at times, or grew: it is no yardstick")
    undefined = np.isnan(explained.value[many])
    left = np.where(undefined, 1.0, np.maximum(1.0 - explained.value[many], 1e-3))
    ratio = np.sqrt(2.0 * np.maximum(loss.value[many], 0.0) / left) / pay
    if ratio.max() >= limit:
        if undefined.any():
            raise Undecided("the explained variance is undefined at times")
        return []
    evidence = (
        seen(loss, float(loss.value[many].max()), "largest", hits=many),
        seen(paid, float(ratio.max()), "largest deviation of targets in steps' pay", "<", limit),
    )
    return [Finding("What the critic is to predict looks no further than a step.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Set the discount so that its horizon, one over one minus it, covers the consequences of a decision",
        "the value of a state is else the reward of the step",
        change={"gamma": "0.99"},
        verify="the value loss grows to several steps' pay",
    ),
    Remedy("Count the ends that a rollout stores", "every step stored as an end does the same", confirm="stored_ends"),
)

_LONG: Any = {"mean_ep_return": [20.0, 22.0, 24.0] * 4, "mean_ep_length": [20.0, 22.0, 24.0] * 4}
FIRES = (synthetic("a horizon of a step", v_loss=[0.02] * 12, explained_variance=[0.0] * 12, **_LONG),)
SILENT = (
    synthetic("a horizon of many", v_loss=[30.0] * 12, explained_variance=[0.1] * 12, **_LONG),
    synthetic("explained", v_loss=[0.2] * 12, explained_variance=[0.99] * 12, **_LONG),
)
