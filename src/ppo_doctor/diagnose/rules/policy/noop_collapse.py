"""POL113 noop-collapse."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import climb, falls, median, need, rises, tail
from ppo_doctor.run import Series, synthetic


@rule("POL113", severity="warning", instead={"eval_mean_return": ("mean_ep_return",)})
def noop_collapse(
    avoidable_noop_frac: Series,
    eval_mean_return: Series,
    eval_avoidable_noop_frac: Series | None = None,
    *,
    gain: float = 0.1,
    level: float = 0.25,
    least: int = 8,
) -> list[Finding]:
    """The policy waits more and more while the return falls.

    Looks at
    Avoidable no-ops, of the greedy policy where recorded: rising by Mann-Kendall and by more than `gain` along their
    Theil-Sen line, to a median above `level` in the last quarter; and an evaluation return that falls by Mann-Kendall.
    Both need `least` points.

    Why it matters
    Waiting has little variance, so noisy advantages favour it; each update leaves fewer decisions to learn from.

    When it is wrong
    If the environment itself got harder (a curriculum), both may move without a fault of the policy.

    What to do
    See what waiting earns under the reward, then stop the collapse early: entropy floor, smaller steps. A larger no-op
    penalty only where the reward really pays for waiting.

    References
    Mao et al. 2016, Resource Management with Deep Reinforcement Learning; Zhang et al. 2020, RLScheduler.
    """
    waits = avoidable_noop_frac if eval_avoidable_noop_frac is None else eval_avoidable_noop_frac
    need(waits, int(least), "points")
    need(eval_mean_return, int(least), "points")
    late = tail(waits)
    if median(late) <= level or climb(waits) <= gain or not rises(waits) or not falls(eval_mean_return):
        return []
    more = seen(waits, climb(waits), "change along the Theil-Sen line", ">", gain)
    high = seen(late, median(late), "median of the last quarter", ">", level, hits=late.value > level)
    less = seen(eval_mean_return, climb(eval_mean_return), "change along the Theil-Sen line")
    return [Finding("The policy collapses into doing nothing.", (more, high, less), REMEDIES)]


REMEDIES = (
    Remedy(
        "Score always-wait beside the baselines under the training reward",
        "a reward under which waiting wins cannot be cured by settings of the learner",
        confirm="constant_actions",
    ),
    Remedy(
        "Go back to the best checkpoint and hold a floor under the entropy",
        "the collapse feeds itself, so that it must be stopped before it starts",
        verify="eval_avoidable_noop_frac stays low",
        change={"entropy_floor": "0.2"},
    ),
    Remedy(
        "Halve the learning rate, or let it decay",
        "noisy advantages then move the policy less",
        verify="avoidable_noop_frac stops rising",
        change={"learning_rate": "x0.5"},
    ),
)

_MORE = [0.05 * k for k in range(12)]
_LESS = [-20.0 - 2.0 * k for k in range(12)]
FIRES = (synthetic("collapse", avoidable_noop_frac=_MORE, eval_mean_return=_LESS),)
SILENT = (
    synthetic("learns when to wait", avoidable_noop_frac=_MORE, eval_mean_return=_LESS[::-1]),
    synthetic("gets worse for another reason", avoidable_noop_frac=_MORE[::-1], eval_mean_return=_LESS),
)
