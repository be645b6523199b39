"""POL104 avoidable-noop."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.diagnose.series import median, need, progress, tail
from ppo_doctor.run import Series, synthetic


@rule("POL104", severity="warning", instead={"eval_mean_return": ("mean_ep_return",)})
def avoidable_noop(
    avoidable_noop_frac: Series,
    eval_avoidable_noop_frac: Series | None = None,
    eval_mean_return: Series | None = None,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    *,
    limit: float = 0.5,
    least: int = 6,
) -> list[Finding]:
    """The policy waits although it could act, and gains nothing by it.

    Looks at
    The share of no-ops where a real action was legal, in training and in evaluation: the median of the last quarter
    above `limit`, of `least` points at least. Forced no-ops are left out; they say nothing about the policy.

    Why it matters
    Doing nothing is the safe local optimum of many rewards: no penalty, low variance. A policy that found it sees no
    data from which to leave it.

    When it is wrong
    Where waiting pays (prices fall, jobs batch better later). A run that learnt and kept it, or stands at the best
    baseline, is clean. Without returns the rule is undecided.

    What to do
    Compare always-wait with the policy under the reward: if waiting scores higher, the reward is wrong, not the policy.

    References
    Mao et al. 2016, Resource Management with Deep Reinforcement Learning; Zhang et al. 2020, RLScheduler.
    """
    recorded = [one for one in (avoidable_noop_frac, eval_avoidable_noop_frac) if one is not None]
    need(recorded[0], int(least))
    high = [late for late in map(tail, recorded) if median(late) > limit]
    if not high:
        return []
    if eval_mean_return is None:
        raise Undecided("it mostly waits, but no return was recorded: waiting may be right")
    come = progress(eval_mean_return, random_return, best_baseline_return, random_return_std)
    if come.at_par or come.learnt:
        return []
    evidence = [
        seen(one, median(one), "median of the last quarter", ">", limit, hits=one.value > limit) for one in high
    ]
    evidence.append(seen(tail(come.series), come.level, "median of the last quarter"))
    return [Finding("The policy has settled on doing nothing.", tuple(evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Score always-wait beside the baselines under the training reward",
        "if it wins, the reward pays for waiting: cure that, for instance by charging for time instead of for misses",
        confirm="constant_actions",
    ),
    Remedy(
        "Score the no-op by the same head as the other actions",
        "a bias of its own makes the no-op win before anything is learnt",
        verify="avoidable_noop_frac starts near its share of the legal actions",
    ),
    Remedy(
        "Hold a floor under the entropy early in training",
        "the policy must act to see what acting brings",
        verify="avoidable_noop_frac falls and the return rises",
        change={"entropy_floor": "0.2"},
    ),
)

_FLAT = [-50.0, -51.0, -49.0, -50.0] * 3
FIRES = (
    synthetic("no-op collapse", avoidable_noop_frac=[0.2, 0.5] + [0.9] * 10, eval_mean_return=_FLAT),
    synthetic(
        "learnt, then collapsed",
        avoidable_noop_frac=[0.2] * 6 + [0.95] * 6,
        eval_mean_return=[-50.0, -30.0, -20.0, -20.0, -20.0, -20.0] + [-48.0, -49.0, -50.0] * 2,
    ),
)
SILENT = (
    synthetic("acts", avoidable_noop_frac=[0.3, 0.2, 0.1, 0.05] * 3, eval_mean_return=_FLAT),
    synthetic(
        "waiting pays",
        avoidable_noop_frac=[0.9] * 12,
        eval_mean_return=_FLAT,
        random_return=-200,
        best_baseline_return=-60,
    ),
)
