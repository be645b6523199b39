"""REW106 reward-term-dead."""

from __future__ import annotations

from typing import Any

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import need, stalled
from ppo_doctor.run import Series, synthetic


@rule("REW106", severity="info", instead={"eval_mean_return": ("mean_ep_return",)})
def reward_term_dead(
    reward_term_share: dict[str, Series],
    reward_term: dict[str, Series],
    eval_mean_return: Series | None = None,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    *,
    limit: float = 0.002,
    sizeable: float = 0.05,
    least: int = 6,
) -> list[Finding]:
    """A term of the reward is paid, but never tells one action from another.

    Looks at
    Each term's share of the variance of the advantage: within `limit` of zero at all of `least` points or more, while
    the term itself is paid, on a run whose return is stuck; and its mean size is more than `sizeable` of that of all
    terms together. A small term does not steer because it is small: that is no news.

    Why it matters
    Whoever wrote the term expected it to steer. It depends on the task alone, not on the decision, or is too small.

    When it is wrong
    A term for rare events (a crash) is silent until the event occurs; shares of a fresh policy say little.

    What to do
    See whether the term depends on the action at all; else drop it or make it.

    References
    Ng et al. 1999, Policy Invariance under Reward Transformations.
    """
    dead = []
    sizes = {name: float(abs(one.value).mean()) for name, one in reward_term.items() if len(one)}
    bar = sizeable * sum(sizes.values())
    for name, share in reward_term_share.items():
        paid = reward_term.get(name)
        need(share, int(least), "points")
        if paid is not None and len(paid) and sizes[name] > bar and (abs(share.value) <= limit).all():
            dead += [
                seen(share, abs(share.value).max(), "largest size", "<=", limit),
                seen(paid, paid.value[-1], "last"),
            ]
    if not dead:
        return []
    come = stalled("a term is dead", eval_mean_return, random_return, best_baseline_return, random_return_std)
    if come is None:
        return []
    return [Finding("Part of the reward is paid whatever the agent does.", (*dead, come.evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Make the term depend on what the action changes, or drop it",
        "a payment that no action changes only adds to the mean",
        confirm="reward_terms",
        verify="its share of the advantage leaves zero",
    ),
)

_FLAT: Any = {"eval_mean_return": [10.0, 11.0, 9.0, 10.0] * 3}
_PAID: Any = {"reward_term": {"efficiency": [0.3] * 12, "wait": [-2.0] * 12}}
FIRES = (
    synthetic(
        "a pure property of the task",
        reward_term_share={"efficiency": [1e-5] * 12, "wait": [0.8] * 12},
        **_PAID,
        **_FLAT,
    ),
)
SILENT = (
    synthetic(
        "a small cost of actions",
        reward_term_share={"effort": [1e-5] * 12, "wait": [0.9] * 12},
        reward_term={"effort": [-0.01] * 12, "wait": [-2.0] * 12},
        **_FLAT,
    ),
    synthetic("all steer", reward_term_share={"efficiency": [0.2] * 12, "wait": [0.8] * 12}, **_PAID, **_FLAT),
    synthetic(
        "switched off", reward_term_share={"efficiency": [0.0] * 12}, reward_term={"efficiency": [0.0] * 12}, **_FLAT
    ),
)
