"""POL106 clip-range-small."""

from __future__ import annotations

from typing import Any

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import aligned, median, need, stalled
from ppo_doctor.run import Series, synthetic


@rule(
    "POL106",
    severity="warning",
    instead={"approx_kl_mean": ("approx_kl_last",), "eval_mean_return": ("mean_ep_return",)},
)
def clip_range_small(
    clip_frac: Series,
    approx_kl_mean: Series,
    clip_coef_value: Series | None = None,
    eval_mean_return: Series | None = None,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    *,
    limit: float = 0.3,
    kl: float = 1e-3,
    tiny: float = 0.01,
    least: int = 8,
) -> list[Finding]:
    """Most ratios are clipped although the policy barely moves.

    Looks at
    The median clip fraction of the whole run above `limit` while the median KL is below `kl`, over `least` updates, on
    a run whose return is stuck, or whose clip range never exceeded `tiny`. A ratio outside a usual clip range costs KL:
    both cannot be true of one.

    Why it matters
    The clip cuts the gradient of every row at once: the learning rate no longer sets the step, the clip range does.

    When it is wrong
    A clip range annealed to zero ends like this by design, which is why the whole run is judged and not its end.

    What to do
    Look at the clip range in force; a usual one is a tenth to three tenths.

    References
    Schulman et al. 2017, equation 7; Andrychowicz et al. 2021, section on the policy loss.
    """
    clipped, moved = aligned(clip_frac, approx_kl_mean)
    need(clipped, int(least))
    if median(clipped) <= limit or median(moved) >= kl:
        return []
    known = clip_coef_value is not None and len(clip_coef_value) > 0 and clip_coef_value.value.max() <= tiny
    references = (random_return, best_baseline_return, random_return_std)
    come = None if known else stalled("the clip is narrow", eval_mean_return, *references)
    if come is None and not known:
        return []
    evidence = [seen(clipped, median(clipped), "median", ">", limit, hits=clipped.value > limit)]
    evidence.append(seen(moved, median(moved), "median", "<", kl, hits=moved.value < kl))
    if clip_coef_value is not None:
        evidence.append(seen(clip_coef_value, median(clip_coef_value), "median"))
    return [
        Finding(
            "The clip range stops the policy long before the step is worth taking.",
            (*evidence, *(() if come is None else (come.evidence,))),
            REMEDIES,
        )
    ]


REMEDIES = (
    Remedy(
        "Widen the clip range to a usual value",
        "the clip, not the gradient, decides how far an update goes",
        verify="clip_frac falls and approx_kl_mean rises towards a hundredth",
        change={"clip_coef": "0.2"},
    ),
)

_STEPS: Any = {"clip_frac": [0.0, 0.4] + [0.7] * 14, "approx_kl_mean": [1e-6] * 16}
_FLAT: Any = {"eval_mean_return": [10.0, 11.0, 9.0, 10.0] * 4}
FIRES = (synthetic("clip range of a ten-thousandth", clip_coef_value=[1e-4] * 16, **_STEPS, **_FLAT),)
SILENT = (
    synthetic("large steps are clipped", clip_frac=[0.7] * 16, approx_kl_mean=[0.09] * 16, **_FLAT),
    synthetic(
        "nothing moves, nothing is clipped",
        clip_frac=[0.0] * 16,
        approx_kl_mean=[1e-8] * 16,
        eval_mean_return=[float(k) for k in range(16)],
    ),
    synthetic("learns all the same", eval_mean_return=[5.0 * k for k in range(16)], **_STEPS),
)
