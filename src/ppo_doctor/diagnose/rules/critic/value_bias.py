"""VAL103 value-bias."""

from __future__ import annotations

import numpy as np

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import after, aligned, median, need, stalled, tail
from ppo_doctor.run import Series, synthetic


@rule("VAL103", severity="warning", instead={"eval_mean_return": ("mean_ep_return",)})
def value_bias(
    value_bias: Series,
    return_std: Series,
    eval_mean_return: Series | None = None,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    *,
    limit: float = 1.0,
    warmup: int = 5,
    least: int = 8,
) -> list[Finding]:
    """The critic is wrong by a constant, which explained variance cannot see.

    Looks at
    The mean error of the value as a multiple of the spread of the returns: its size above `limit` in the median of the
    last half, after `warmup` updates, over `least` of them, on a run whose return is stuck.

    Why it matters
    Every bootstrap carries the constant on: at ends of episodes it turns into an advantage that nobody earned.

    When it is wrong
    While the return rises, targets run ahead of the critic; such a run is not stuck. Where returns are all but equal,
    any bias is large beside their spread.

    What to do
    Standardise the targets; see whether truncated episodes are bootstrapped.

    References
    Andrychowicz et al. 2021; Pardo et al. 2018.
    """
    bias, spread = aligned(after(value_bias, int(warmup)), return_std)
    need(bias, int(least), f"updates after the first {warmup:g}")
    late, scale = tail(bias, 0.5), tail(spread, 0.5)
    over = np.abs(late.value) > limit * scale.value
    if over.mean() <= 0.5 or (scale.value <= 1e-3 * np.abs(late.value)).mean() > 0.5:
        return []
    come = stalled("the critic is biased", eval_mean_return, random_return, best_baseline_return, random_return_std)
    if come is None:
        return []
    off = seen(late, median(late), "median of the last half", hits=over)
    return [
        Finding(
            "The critic's level is wrong.",
            (off, seen(scale, median(scale), "median of the last half"), come.evidence),
            REMEDIES,
        )
    ]


REMEDIES = (
    Remedy(
        "Standardise the value targets",
        "the level is then learnt by a running mean, not by gradient steps",
        verify="value_bias falls below the spread of the returns",
        change={"normalize_targets": "true"},
    ),
    Remedy(
        "Recompute the returns: ends, time limits and the last state of the rollout",
        "a missing bootstrap shifts every value down",
        confirm="gae_recompute",
    ),
)

_FLAT = [10.0, 11.0, 9.0, 10.0] * 4
FIRES = (synthetic("off by far", value_bias=[-30.0] * 16, return_std=[4.0] * 16, eval_mean_return=_FLAT),)
SILENT = (
    synthetic("centred", value_bias=[0.3, -0.4] * 8, return_std=[4.0] * 16, eval_mean_return=_FLAT),
    synthetic(
        "runs behind a rising return",
        value_bias=[-30.0] * 16,
        return_std=[4.0] * 16,
        eval_mean_return=[9.0 * k for k in range(16)],
    ),
)
