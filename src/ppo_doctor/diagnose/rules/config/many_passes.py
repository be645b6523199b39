"""CFG105 many-passes."""

from __future__ import annotations

from typing import Any

from ppo_doctor.diagnose.finding import Finding, Remedy, given, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import median, need, stalled
from ppo_doctor.run import Series, synthetic


@rule(
    "CFG105",
    severity="warning",
    instead={"approx_kl_max": ("approx_kl_mean", "approx_kl_last"), "eval_mean_return": ("mean_ep_return",)},
)
def many_passes(
    n_epochs: float,
    approx_kl_max: Series,
    target_kl: float | None = None,
    eval_mean_return: Series | None = None,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    *,
    passes: float = 15.0,
    limit: float = 0.05,
    least: int = 8,
) -> list[Finding]:
    """Many passes over each rollout, nothing to stop them, and a KL that shows it.

    Looks at
    `n_epochs` above `passes` without a KL stop, and the median of the largest KL per update above `limit`, over `least`
    updates, on a run whose return is stuck. Many passes alone are no fault: small steps may need them.

    Why it matters
    Late passes fit the noise of one rollout: ratios leave the clip, and the representation loses rank.

    When it is wrong
    On small tasks tens of passes are used with success; such a run is not stuck.

    What to do
    Fewer passes, or a stop that measures what they do. Do not shrink the batch at the same time: count gradient steps.

    References
    Moalla et al. 2024, No Representation, No Trust; Andrychowicz et al. 2021.
    """
    need(approx_kl_max, int(least))
    if n_epochs <= passes or target_kl is not None or median(approx_kl_max) <= limit:
        return []
    symptom = "there are many passes"
    come = stalled(symptom, eval_mean_return, random_return, best_baseline_return, random_return_std)
    if come is None:
        return []
    far = seen(approx_kl_max, median(approx_kl_max), "median", ">", limit, hits=approx_kl_max.value > limit)
    evidence = (given("n_epochs", n_epochs, ">", passes), far, come.evidence)
    return [Finding("Each rollout is learnt by heart.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Take a quarter of the passes",
        "the first passes bring most of the gain, the late ones most of the harm",
        verify="approx_kl_max falls and the return rises",
        change={"n_epochs": "x0.25"},
    ),
    Remedy(
        "Stop the update at a target KL",
        "the number of passes then follows from what they do",
        verify="epochs_run varies",
        change={"target_kl": "0.02"},
    ),
)

_KL: Any = {"n_epochs": 100, "approx_kl_max": [0.09] * 12}
FIRES = (synthetic("a hundred passes", eval_mean_return=[10.0, 11.0, 9.0, 10.0] * 3, **_KL),)
SILENT = (
    synthetic("a hundred passes, and learns", eval_mean_return=[9.0 * k for k in range(12)], **_KL),
    synthetic("stopped in time", target_kl=0.02, **_KL),
)
