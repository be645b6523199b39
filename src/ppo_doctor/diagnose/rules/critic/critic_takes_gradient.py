"""VAL104 critic-takes-gradient."""

from __future__ import annotations

from typing import Any

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import aligned, median, need, stalled
from ppo_doctor.run import Series, synthetic


@rule("VAL104", severity="warning", instead={"eval_sampled_mean_return": ("mean_ep_return", "eval_mean_return")})
def critic_takes_gradient(
    grad_norm_value: Series,
    grad_norm_policy: Series,
    grad_clipped_frac: Series,
    eval_sampled_mean_return: Series | None = None,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    *,
    factor: float = 30.0,
    clipped: float = 0.5,
    least: int = 6,
) -> list[Finding]:
    """The value loss takes nearly all of the clipped gradient.

    Looks at
    The gradient norm of the value loss (with its weight) over that of the surrogate: the median ratio above `factor`,
    over `least` points, while the norm clip acts on more than `clipped` of the steps, on a run whose return is stuck.

    Why it matters
    The clip is global: what the value loss fills, the policy loses. Where both share a trunk, it is the critic's.

    When it is wrong
    Separate optimisers or clips do not share. Adam makes up for a constant factor, not for one that comes and goes.

    What to do
    Scale the targets before touching the weight of the loss; raising that weight makes it worse.

    References
    Measured on rewards times ten thousand; Andrychowicz et al. 2021 on loss weights.
    """
    value, policy = aligned(grad_norm_value, grad_norm_policy)
    need(value, int(least), "points")
    over = value.value > factor * policy.value
    if over.mean() <= 0.5 or median(grad_clipped_frac) <= clipped:
        return []
    symptom = "the critic takes the gradient"
    come = stalled(symptom, eval_sampled_mean_return, random_return, best_baseline_return, random_return_std)
    if come is None:
        return []
    evidence = (
        seen(value, median(value), "median", ">", factor * median(policy), hits=over),
        seen(grad_clipped_frac, median(grad_clipped_frac), "median", ">", clipped),
        come.evidence,
    )
    return [Finding("The policy is left with what the critic does not need.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Standardise the value targets, or scale the reward",
        "both losses are then of one size",
        verify="grad_norm_value comes down to the size of grad_norm_policy",
        change={"normalize_targets": "true"},
    ),
    Remedy("Lower the weight of the value loss", "it then takes less of the clip", change={"vf_coef": "x0.1"}),
)

_LARGE: Any = {"grad_norm_value": [500.0] * 12, "grad_norm_policy": [0.2] * 12}
_FLAT: Any = {"eval_mean_return": [10.0, 11.0, 9.0, 10.0] * 3}
FIRES = (synthetic("rewards of thousands", grad_clipped_frac=[1.0] * 12, **_LARGE, **_FLAT),)
SILENT = (
    synthetic("no clip acts", grad_clipped_frac=[0.0] * 12, **_LARGE, **_FLAT),
    synthetic(
        "balanced", grad_norm_value=[0.5] * 12, grad_norm_policy=[0.2] * 12, grad_clipped_frac=[1.0] * 12, **_FLAT
    ),
)
