"""POL110 greedy-constant."""

from __future__ import annotations

from typing import Any

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import median, need, stalled, tail
from ppo_doctor.run import Series, synthetic


@rule("POL110", severity="warning", instead={"eval_mean_return": ("mean_ep_return",)})
def greedy_constant(
    action_share_greedy_max: Series,
    action_share_sampled_max: Series,
    eval_mean_return: Series | None = None,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    *,
    limit: float = 0.99,
    spread: float = 0.8,
    least: int = 6,
) -> list[Finding]:
    """The greedy policy takes one action everywhere, while the sampled one takes all of them.

    Looks at
    The largest share of any action among the greedy ones (median of the last half above `limit`) and among those
    sampled (below `spread`), over `least` points, on a run whose return is stuck.

    Why it matters
    The argmax of a nearly flat policy is decided by a hair, the same hair in every state. Greedy figures (no hits, no
    misses, one class) then say nothing about what was learnt, and the sampled ones say that little was.

    When it is wrong
    Where one action is best in nearly every state; such a run stands at the best baseline. Ask the constant policies.

    What to do
    Report greedy and sampled figures side by side. Score each constant action: one may be optimal under the reward.

    References
    Elkan 2001, The Foundations of Cost-Sensitive Learning: at which posterior a decision should flip.
    """
    need(action_share_greedy_max, int(least), "points")
    greedy, sampled = tail(action_share_greedy_max, 0.5), tail(action_share_sampled_max, 0.5)
    need(sampled, 1, "points")
    if median(greedy) <= limit or median(sampled) >= spread:
        return []
    symptom = "the greedy policy takes one action"
    come = stalled(symptom, eval_mean_return, random_return, best_baseline_return, random_return_std)
    if come is None:
        return []
    one = seen(greedy, median(greedy), "median of the last half", ">", limit, hits=greedy.value > limit)
    many = seen(sampled, median(sampled), "median of the last half", "<", spread, hits=sampled.value < spread)
    return [
        Finding(
            "The largest of nearly equal probabilities is the same action everywhere.",
            (one, many, come.evidence),
            REMEDIES,
        )
    ]


REMEDIES = (
    Remedy(
        "Score every constant action under the training reward",
        "if one beats random play by much, the policy may be right and the reward wrong",
        confirm="constant_actions",
    ),
    Remedy(
        "Test whether the observation predicts which action is better",
        "if it does not, one action everywhere is the best that can be learnt",
        confirm="observability",
    ),
)

_FLAT: Any = {"eval_mean_return": [10.0, 11.0, 9.0, 10.0] * 3}
FIRES = (
    synthetic("always the same", action_share_greedy_max=[1.0] * 12, action_share_sampled_max=[0.3] * 12, **_FLAT),
)
SILENT = (
    synthetic(
        "the action depends on the state",
        action_share_greedy_max=[0.5] * 12,
        action_share_sampled_max=[0.4] * 12,
        **_FLAT,
    ),
    synthetic("decided", action_share_greedy_max=[1.0] * 12, action_share_sampled_max=[0.99] * 12, **_FLAT),
    synthetic(
        "one action is best",
        action_share_greedy_max=[1.0] * 12,
        action_share_sampled_max=[0.7] * 12,
        random_return=1,
        best_baseline_return=10,
        **_FLAT,
    ),
)
