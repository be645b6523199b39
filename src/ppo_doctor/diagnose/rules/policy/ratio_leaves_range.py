"""POL116 ratio-leaves-range."""

from __future__ import annotations

from typing import Any

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import aligned, need, stalled, tail
from ppo_doctor.run import Series, synthetic


@rule("POL116", severity="warning", instead={"eval_mean_return": ("mean_ep_return",)})
def ratio_leaves_range(
    ratio_excess_high: Series,
    clip_coef_value: Series,
    clip_frac: Series,
    eval_mean_return: Series | None = None,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    *,
    factor: float = 4.0,
    share: float = 0.3,
    least: int = 8,
) -> list[Finding]:
    """Clipped ratios do not stay near the clip: the trust region is lost.

    Looks at
    The mean ratio of the rows above the clip range, as a multiple of the range: above `factor` on most updates of the
    last half, while more than `share` of the rows are clipped, over `least` updates, on a run whose return is stuck.

    Why it matters
    The clip removes the gradient of a row, but other rows drag it on: ratios of many times the range mean that the
    surrogate is computed on a policy that no longer exists. It comes before collapse and gets worse with more epochs.

    When it is wrong
    For narrow Gaussians and nearly deterministic policies single rows run far out; few rows, which `share` lets pass.

    What to do
    Fewer passes, then smaller steps, then a KL stop, which sees what the clip cannot.

    References
    Moalla et al. 2024, No Representation, No Trust; Engstrom et al. 2020, section 5.
    """
    excess, clip, clipped = aligned(ratio_excess_high, clip_coef_value, clip_frac)
    need(excess, int(least))
    count = len(tail(excess, 0.5))
    out = (excess.value - 1.0 > factor * clip.value) & (clipped.value > share)
    if out[-count:].mean() <= 0.5:
        return []
    come = stalled("ratios run away", eval_mean_return, random_return, best_baseline_return, random_return_std)
    if come is None:
        return []
    far = seen(excess, excess.value[out].max(), "largest", ">", 1.0 + factor * float(clip.value[out].min()), hits=out)
    rows = seen(clipped, clipped.value[out].max(), "largest", ">", share, hits=out)
    return [Finding("Updates end far outside the region they are computed for.", (far, rows, come.evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Take fewer passes over each rollout",
        "ratios run away in the later passes",
        verify="ratio_excess_high falls towards the clip range",
        change={"n_epochs": "x0.5"},
    ),
    Remedy("Stop the update at a target KL", "it counts the rows that the clip gave up", change={"target_kl": "0.02"}),
)

_FAR: Any = {"ratio_excess_high": [3.0] * 12, "clip_coef_value": [0.2] * 12, "clip_frac": [0.5] * 12}
FIRES = (synthetic("far outside", eval_mean_return=[10.0, 11.0, 9.0, 10.0] * 3, **_FAR),)
SILENT = (
    synthetic("far outside, and learns", eval_mean_return=[9.0 * k for k in range(12)], **_FAR),
    synthetic("few rows", **(_FAR | {"clip_frac": [0.05] * 12})),
    synthetic("near the clip", **(_FAR | {"ratio_excess_high": [1.3] * 12})),
)
