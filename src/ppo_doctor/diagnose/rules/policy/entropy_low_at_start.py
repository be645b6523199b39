"""POL117 entropy-low-at-start."""

from __future__ import annotations

from typing import Any

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.diagnose.series import stalled
from ppo_doctor.run import Series, synthetic


@rule("POL117", severity="warning", instead={"eval_mean_return": ("mean_ep_return",)})
def entropy_low_at_start(
    entropy_frac: Series,
    eval_mean_return: Series | None = None,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    rollout_rows: float | None = None,
    *,
    limit: float = 0.3,
    updates: int = 4,
) -> list[Finding]:
    """The policy is decided before it has seen anything.

    Looks at
    The entropy fraction (forced states left out) at the first point, which must lie within the first `updates` updates:
    below `limit`, on a run whose return is stuck.

    Why it matters
    Saturated logits have hardly any gradient. The policy commits to what its initial weights say, and low entropy later
    is then no collapse but the start.

    When it is wrong
    A policy that starts from a heuristic, or from another training, is meant to be decided; it then is not stuck below
    that heuristic, unless training fails for another reason.

    What to do
    Shrink the last layer at initialisation, or normalise what enters it (dot products of embeddings grow with depth).

    References
    Andrychowicz et al. 2021: the last policy layer a hundred times smaller; Huang et al. 2022, detail 2.
    """
    first = float(entropy_frac.value[0])
    if rollout_rows is not None and entropy_frac.step[0] > updates * rollout_rows:
        raise Undecided("the first updates were not recorded")
    if first >= limit:
        return []
    come = stalled("entropy starts low", eval_mean_return, random_return, best_baseline_return, random_return_std)
    if come is None:
        return []
    low = seen(entropy_frac.where(entropy_frac.step == entropy_frac.step[0]), first, "first", "<", limit)
    return [Finding("The logits are saturated from the start.", (low, come.evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Make the policy's output layer a hundredth as large at initialisation",
        "the policy then starts near uniform and its gradient is alive",
        verify="entropy_frac starts near one",
    ),
    Remedy(
        "Divide the logits by a temperature, or normalise the embeddings they are dot products of",
        "deep stacks make them large whatever the last layer is",
        verify="entropy_frac starts near one",
    ),
)

_FLAT: Any = {"eval_mean_return": [10.0, 11.0, 9.0, 10.0] * 3}
FIRES = (synthetic("saturated", entropy_frac=[0.08, 0.1, 0.09] * 4, rollout_rows=1000, **_FLAT),)
SILENT = (
    synthetic("uniform", entropy_frac=[1.0 - 0.05 * k for k in range(12)], rollout_rows=1000, **_FLAT),
    synthetic("starts from a heuristic", entropy_frac=[0.08] * 12, random_return=1, best_baseline_return=10, **_FLAT),
)
