"""POL111 policy-ignores-state."""

from __future__ import annotations

from typing import Any

import numpy as np

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import median, need, spent, stalled, tail
from ppo_doctor.run import Series, synthetic


@rule("POL111", severity="warning", instead={"eval_mean_return": ("mean_ep_return",)})
def policy_ignores_state(
    mutual_information: Series,
    entropy_frac: Series | None = None,
    eval_mean_return: Series | None = None,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    n_actions: float | None = None,
    total_steps: float | None = None,
    *,
    limit: float = 0.005,
    least: int = 6,
    budget: float = 0.2,
) -> list[Finding]:
    """What the policy does has nothing to do with what it sees.

    Looks at
    The mutual information of state and action, as a share of the logarithm of the number of actions (two, if that is
    unknown): the median of the last half below `limit`, over `least` points, `budget` of the planned steps gone, on a
    run whose return is stuck.

    Why it matters
    It separates what marginal action shares cannot: round-robin and join-the-shortest-queue have equal shares too. None
    at high entropy is a policy that learnt nothing; none at low entropy is one action everywhere.

    When it is wrong
    Where one action, or one mixture, is best in every state; such a run stands at the best baseline.

    What to do
    Ask whether the observation holds what decides the action; then whether the advantage tells actions apart.

    References
    Cover & Thomas 2006, chapter 2; Eysenbach et al. 2019 use the same quantity for diversity of behaviour.
    """
    need(mutual_information, int(least), "points")
    spent(mutual_information, total_steps, budget)
    late, bar = tail(mutual_information, 0.5), limit * float(np.log(max(n_actions or 2.0, 2.0)))
    if median(late) >= bar:
        return []
    symptom = "actions do not depend on the state"
    come = stalled(symptom, eval_mean_return, random_return, best_baseline_return, random_return_std)
    if come is None:
        return []
    evidence = [seen(late, median(late), "median of the last half", "<", bar, hits=late.value < bar), come.evidence]
    if entropy_frac is not None and len(entropy_frac):
        spread = tail(entropy_frac, 0.5)
        evidence.append(seen(spread, median(spread), "median of the last half"))
    return [Finding("The policy answers every state alike.", tuple(evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Test whether the observation predicts the best action, or the return",
        "a policy cannot depend on what it cannot see",
        confirm="observability",
    ),
    Remedy(
        "Test whether different actions in one state lead to different returns",
        "if they do not, nothing pays for depending on the state",
        confirm="action_influence",
    ),
)

_FLAT: Any = {"eval_mean_return": [10.0, 11.0, 9.0, 10.0] * 3}
FIRES = (synthetic("blind", mutual_information=[1e-4] * 12, entropy_frac=[0.99] * 12, n_actions=4, **_FLAT),)
SILENT = (
    synthetic("depends on the state", mutual_information=[0.01 * k for k in range(12)], **_FLAT),
    synthetic("one mixture is best", mutual_information=[0.0] * 12, random_return=1, best_baseline_return=10, **_FLAT),
)
