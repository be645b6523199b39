"""EVA108 evaluation-does-not-follow."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.diagnose.series import median, need, progress, rises, spread, tail
from ppo_doctor.run import Series, synthetic


@rule("EVA108", severity="critical")
def evaluation_does_not_follow(
    mean_ep_return: Series,
    eval_mean_return: Series,
    eval_sampled_mean_return: Series | None = None,
    normalize_obs: float | None = None,
    *,
    share: float = 0.5,
    least: int = 6,
) -> list[Finding]:
    """Training returns rise, evaluation returns do not.

    Looks at
    Both returns over `least` points: the training one rose, by Mann-Kendall too, and kept it; the evaluation one,
    sampled where recorded, ends below the training level by more than `share` of what training gained, and by more than
    its own spread.

    Why it matters
    What is evaluated is not what was trained: observation statistics not shared, another wrapper, a mask missing, a
    deterministic mode that fails, or reward scaled in one of them. A log cannot show which; an A-B evaluation can.

    When it is wrong
    Evaluation on harder instances on purpose. Greedy evaluation of a policy that needs its randomness: compare both.

    What to do
    Evaluate the same weights four ways: with and without the statistics, sampled and greedy.

    References
    stable-baselines3 issues 1063 and 2091; cleanrl issue 310.
    """
    need(mean_ep_return, int(least), "points")
    judged = eval_mean_return if eval_sampled_mean_return is None else eval_sampled_mean_return
    need(judged, int(least), "evaluations")
    training = progress(mean_ep_return)
    if not training.learnt or not rises(mean_ep_return):
        raise Undecided("the training return did not rise, so that there is nothing to follow")
    late, gained = tail(judged), training.level - float(mean_ep_return.value[0])
    bar = training.level - max(share * gained, 4.0 * spread(late) / len(late) ** 0.5)
    if median(late) >= bar:
        return []
    below = seen(late, median(late), "median of the last quarter", "<", bar, hits=late.value < bar)
    return [
        Finding(
            "The policy that is evaluated is not the policy that was trained.", (below, training.evidence), REMEDIES
        )
    ]


REMEDIES = (
    Remedy(
        "Evaluate once more with the normaliser's statistics of training, frozen",
        "a policy that sees other numbers than in training acts at random",
        confirm="normaliser_sync",
        verify="the first action of evaluation equals that of training in the same state",
    ),
    Remedy(
        "Evaluate sampled and greedy, with the same wrappers and mask",
        "each difference between the two code paths is a suspect",
        verify="eval_sampled_mean_return meets mean_ep_return",
    ),
)

_LEARNT = [-350.0, 300.0, 900.0, 1300.0] + [1500.0, 1550.0, 1520.0, 1600.0] * 3
FIRES = (
    synthetic(
        "statistics not shared", mean_ep_return=_LEARNT, eval_mean_return=[100.0, 260.0, -60.0, -360.0, -270.0, -300.0]
    ),
)
SILENT = (
    synthetic("follows", mean_ep_return=_LEARNT, eval_mean_return=[-340.0, 400.0, 1000.0, 1400.0, 1500.0, 1560.0]),
    synthetic(
        "a little below", mean_ep_return=_LEARNT, eval_mean_return=[-340.0, 400.0, 1000.0, 1100.0, 1150.0, 1200.0]
    ),
)
