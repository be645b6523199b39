"""POL112 policy-churns."""

from __future__ import annotations

from typing import Any

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import entropy_ceiling, median, need, stalled, tail
from ppo_doctor.run import Series, synthetic


@rule("POL112", severity="warning", instead={"eval_mean_return": ("mean_ep_return",)})
def policy_churns(
    policy_churn: Series,
    entropy_frac: Series,
    eval_mean_return: Series | None = None,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    *,
    limit: float = 0.3,
    decided: float = 0.7,
    least: int = 6,
) -> list[Finding]:
    """Every update turns the decision around in a large part of the states.

    Looks at
    The share of states whose greedy action an update changes: the median of the last half above `limit`, over `least`
    points, while the entropy fraction is below `decided` (the argmax of a flat policy changes by itself), on a run
    whose return is stuck.

    Why it matters
    What one update learns the next one undoes: the data of each rollout is too little for the step taken on it.

    When it is wrong
    Many actions of equal worth can swap places without any harm to the return.

    What to do
    Larger batches first, then smaller steps.

    References
    Schaul et al. 2022, The Phenomenon of Policy Churn.
    """
    need(policy_churn, int(least), "points")
    late, spread = tail(policy_churn, 0.5), tail(entropy_frac, 0.5)
    if median(late) <= limit or median(spread) >= decided * entropy_ceiling(entropy_frac)[0]:
        return []
    come = stalled("the policy churns", eval_mean_return, random_return, best_baseline_return, random_return_std)
    if come is None:
        return []
    turned = seen(late, median(late), "median of the last half", ">", limit, hits=late.value > limit)
    sharp = seen(spread, median(spread), "median of the last half", "<", decided)
    return [Finding("Updates overwrite each other.", (turned, sharp, come.evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Collect more data per update",
        "the gradient of a small rollout is mostly noise",
        verify="half_batch_cosine rises and policy_churn falls",
        change={"n_envs": "x4"},
    ),
    Remedy(
        "Halve the learning rate",
        "a smaller step keeps more of what was learnt before",
        verify="policy_churn falls",
        change={"learning_rate": "x0.5"},
    ),
)

_FLAT: Any = {"eval_mean_return": [10.0, 11.0, 9.0, 10.0] * 3}
FIRES = (synthetic("decided, each time anew", policy_churn=[0.6] * 12, entropy_frac=[0.4] * 12, **_FLAT),)
SILENT = (
    synthetic("a flat policy", policy_churn=[0.6] * 12, entropy_frac=[0.99] * 12, **_FLAT),
    synthetic("settled", policy_churn=[0.05] * 12, entropy_frac=[0.4] * 12, **_FLAT),
)
