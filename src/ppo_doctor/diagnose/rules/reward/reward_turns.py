"""REW121 reward-turns."""

from __future__ import annotations

import numpy as np

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import aligned, need, tail
from ppo_doctor.run import Series, synthetic


@rule("REW121", severity="critical")
def reward_turns(reward_max: Series, reward_min: Series, *, mixed: float = 0.05, least: int = 12) -> list[Finding]:
    """All rewards change their sign, and never is one rollout paid both.

    Looks at
    The largest and the smallest reward of each update: none above zero in the first quarter and none below it in the
    last, or the reverse, with rewards that differ from zero in both; while no more than `mixed` of the updates hold
    rewards of both signs. Needs `least` updates.

    Why it matters
    A policy changes by degrees: on its way from costs to gains it earns both. A sign that turns at once was turned by
    the reward: a weight that is annealed through zero, a reference that moves, a running normaliser. What was learnt
    before is then wrong.

    When it is wrong
    A task with two values of the reward only, one of each sign, and a policy that changes over within one update.

    What to do
    List what the reward depends on besides state and action, and print its weights at both ends of the run.

    References
    Padakandla et al. 2020, Reinforcement Learning in Non-Stationary Environments.
    """
    top, bottom = aligned(reward_max, reward_min)
    need(top, int(least))
    if ((top.value > 0.0) & (bottom.value < 0.0)).mean() > mixed:
        return []
    early = np.arange(len(top)) < len(top) // 4
    was = top.value[early].max(), bottom.value[early].min()
    highs, lows = tail(top), tail(bottom)
    now = highs.value.max(), lows.value.min()
    if was[0] <= 0.0 and was[1] < 0.0 and now[1] >= 0.0 and now[0] > 0.0:
        found = (
            seen(lows, float(now[1]), "smallest of the last quarter", ">=", 0.0),
            seen(top, float(was[0]), "at first"),
        )
    elif was[1] >= 0.0 and was[0] > 0.0 and now[0] <= 0.0 and now[1] < 0.0:
        found = (
            seen(highs, float(now[0]), "largest of the last quarter", "<=", 0.0),
            seen(bottom, float(was[1]), "at first"),
        )
    else:
        return []
    return [Finding("What was paid is charged now, or the reverse: the reward moved, not the policy.", found, REMEDIES)]


REMEDIES = (
    Remedy(
        "Print the reward of one fixed step at the start and at the end of the run",
        "two numbers show whether the reward depends on the time of training",
        confirm="reward_terms",
        verify="reward_max and reward_min keep their signs",
    ),
)

FIRES = (
    synthetic("a cost turns into a gain", reward_max=[-0.1] * 8 + [5.0] * 8, reward_min=[-5.0] * 8 + [0.1] * 8),
    synthetic("a gain turns into a cost", reward_max=[1.0] * 8 + [0.0] * 8, reward_min=[0.0] * 8 + [-1.0] * 8),
)
SILENT = (
    synthetic(
        "learnt, by degrees",
        reward_max=[-1.0] * 4 + [0.5, 1.0, 2.0, 3.0] * 2 + [4.0] * 4,
        reward_min=[-5.0] * 4 + [-4.0, -3.0, -2.0, -1.0] * 2 + [1.0] * 4,
    ),
    synthetic("costs throughout", reward_max=[0.0] * 16, reward_min=[-3.0] * 16),
)
