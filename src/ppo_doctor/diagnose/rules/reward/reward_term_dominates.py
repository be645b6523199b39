"""REW105 reward-term-dominates."""

from __future__ import annotations

from typing import Any

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import median, need, stalled, tail
from ppo_doctor.run import Series, synthetic


@rule("REW105", severity="info", instead={"eval_mean_return": ("mean_ep_return",)})
def reward_term_dominates(
    reward_term_share: dict[str, Series],
    eval_mean_return: Series | None = None,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    *,
    limit: float = 0.99,
    alone: float = 0.999,
    least: int = 6,
) -> list[Finding]:
    """One term of the reward decides nearly the whole advantage.

    Looks at
    Each term's share of the variance of the *advantage*: the median of the last half above `limit`, with two terms or
    more, over `least` points, on a run whose return is stuck; or above `alone`, whatever the return does, since it
    then counts little else. Not the share of the reward: a large constant teaches
    nothing, and says nothing.

    Why it matters
    The other terms are decoration. What the policy optimises is that term, whatever the weights look like.

    When it is wrong
    If that term is the goal and the others are meant to break ties, it is right: in most tasks of several terms one has
    nine tenths of the advantage by intent, on healthy and on dead runs alike. By itself it is weak evidence.

    What to do
    Compare the shares with what is wanted; change one weight at a time.

    References
    Ng et al. 1999 on shaping; Juozapaitis et al. 2019, Explainable Reinforcement Learning via Reward Decomposition.
    """
    if len(reward_term_share) < 2:
        return []
    late = {name: tail(series, 0.5) for name, series in reward_term_share.items()}
    first = max(late, key=lambda name: median(late[name]) if len(late[name]) else float("-inf"))
    need(reward_term_share[first], int(least), "points")
    if median(late[first]) <= limit:
        return []
    evidence = [seen(late[first], median(late[first]), "median of the last half", ">", limit)]
    evidence += [
        seen(one, median(one), "median of the last half") for name, one in late.items() if name != first and len(one)
    ]
    meaning = "The learner sees one objective where several were written."
    if median(late[first]) > alone:
        return [Finding(meaning, tuple(evidence), REMEDIES)]
    come = stalled("one term dominates", eval_mean_return, random_return, best_baseline_return, random_return_std)
    if come is None:
        return []
    return [Finding(meaning, (*evidence, come.evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Weigh the terms by their share of the advantage, not by their size",
        "a term counts by how much its sum differs between actions",
        confirm="reward_terms",
        verify="the largest share falls and the return rises",
    ),
)

_FLAT: Any = {"eval_mean_return": [10.0, 11.0, 9.0, 10.0] * 3}
FIRES = (synthetic("imbalance alone", reward_term_share={"imbalance": [0.995] * 12, "latency": [0.02] * 12}, **_FLAT),)
SILENT = (
    synthetic("the goal, and a small cost", reward_term_share={"goal": [0.97] * 12, "cost": [0.02] * 12}, **_FLAT),
    synthetic("balanced", reward_term_share={"imbalance": [0.4] * 12, "latency": [0.5] * 12}, **_FLAT),
    synthetic("one term only", reward_term_share={"cost": [1.0] * 12}, **_FLAT),
    synthetic(
        "dominates, and is right",
        reward_term_share={"goal": [0.995] * 12, "tie": [0.0] * 12},
        eval_mean_return=[9.0 * k for k in range(12)],
    ),
)
