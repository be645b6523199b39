"""OPT104 gradient-always-clipped."""

from __future__ import annotations

from typing import Any

from ppo_doctor.diagnose.finding import Finding, Remedy, given, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import median, need, stalled
from ppo_doctor.run import Series, synthetic


@rule("OPT104", severity="warning", instead={"eval_mean_return": ("mean_ep_return",)})
def gradient_always_clipped(
    grad_clipped_frac: Series,
    grad_norm: Series,
    max_grad_norm: float,
    eval_mean_return: Series | None = None,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    *,
    share: float = 0.99,
    factor: float = 20.0,
    least: int = 8,
) -> list[Finding]:
    """Every gradient is cut down to a small part of itself.

    Looks at
    The share of gradient steps on which the norm clip acted (median above `share`) and the norm before it (median above
    `factor` times the clip), over `least` updates, on a run whose return is stuck.

    Why it matters
    Only the direction is left, and the largest loss term sets it: usually the value loss of an unscaled reward. The
    policy's part of the clipped gradient is what remains.

    When it is wrong
    Adam divides constant scales out again, so that a clip which always acts by the same factor does little harm. On a
    run that learns it is none.

    What to do
    Look at the gradient norm per loss term before touching the clip.

    References
    Andrychowicz et al. 2021, section on gradient clipping; Huang et al. 2022, detail 11.
    """
    need(grad_clipped_frac, int(least))
    if median(grad_clipped_frac) <= share or median(grad_norm) <= factor * max_grad_norm:
        return []
    symptom = "every gradient is clipped"
    come = stalled(symptom, eval_mean_return, random_return, best_baseline_return, random_return_std)
    if come is None:
        return []
    often = seen(
        grad_clipped_frac, median(grad_clipped_frac), "median", ">", share, hits=grad_clipped_frac.value > share
    )
    large = seen(grad_norm, median(grad_norm), "median", ">", factor * max_grad_norm)
    evidence = (often, large, given("max_grad_norm", max_grad_norm), come.evidence)
    return [Finding("The clip, not the loss, decides what an update is made of.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Standardise the value targets, or scale the reward",
        "a value loss in large units fills the clip and leaves the policy the rest",
        verify="grad_norm_value comes down to the size of grad_norm_policy",
        change={"normalize_targets": "true", "normalize_reward": "true"},
    ),
    Remedy(
        "Lower the weight of the value loss",
        "it then takes a smaller part of what the clip leaves",
        verify="approx_kl_mean rises",
        change={"vf_coef": "x0.1"},
    ),
)

_FLAT: Any = {"eval_mean_return": [10.0, 11.0, 9.0, 10.0] * 3, "max_grad_norm": 0.5}
FIRES = (synthetic("rewards of thousands", grad_clipped_frac=[1.0] * 12, grad_norm=[900.0] * 12, **_FLAT),)
SILENT = (
    synthetic("clipped a little", grad_clipped_frac=[1.0] * 12, grad_norm=[2.0] * 12, **_FLAT),
    synthetic("clipped now and then", grad_clipped_frac=[0.3] * 12, grad_norm=[0.4] * 12, **_FLAT),
)
