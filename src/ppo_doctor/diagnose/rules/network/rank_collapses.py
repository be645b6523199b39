"""NET102 rank-collapses."""

from __future__ import annotations

from typing import Any

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import falls, median, need, stalled, tail
from ppo_doctor.run import Series, synthetic


@rule("NET102", severity="warning", instead={"eval_mean_return": ("mean_ep_return",)})
def rank_collapses(
    effective_rank: Series,
    eval_mean_return: Series | None = None,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    *,
    share: float = 0.5,
    low: float = 1.5,
    least: int = 8,
) -> list[Finding]:
    """The network comes to see all states alike.

    Looks at
    The effective rank of the actor's last hidden layer: its last quarter's median below `low` and below `share` of the
    first value, falling by Mann-Kendall over `least` points, on a run whose return is stuck or was lost. Below one,
    whatever the return: anything that varies has a rank of one at least, so these features are the same in all states.

    Why it matters
    A representation of one dimension cannot tell states apart: the policy can only be more or less of one thing. It
    comes before collapses of the return.

    When it is wrong
    Tasks whose best policy depends on one number (balance a pole) need one dimension: rank falls as they are solved,
    and such a run is not stuck. Play that ends in one state which never changes shows features that never change.

    What to do
    Fewer epochs first: more of them speed it up. Then what holds the representation: smaller steps, auxiliary loss.

    References
    Moalla et al. 2024, No Representation, No Trust; Kumar et al. 2021, Implicit Under-Parameterization.
    """
    need(effective_rank, int(least), "points")
    late, bar = tail(effective_rank), min(low, share * float(effective_rank.value[0]))
    rank = median(late)
    if rank >= bar or not falls(effective_rank):
        return []
    if rank < 1.0:
        flat = seen(late, rank, "median of the last quarter", "<", 1.0)
        return [Finding("The network no longer tells any state from another.", (flat,), REMEDIES)]
    come = stalled("the rank collapses", eval_mean_return, random_return, best_baseline_return, random_return_std)
    if come is None:
        return []
    flat = seen(late, rank, "median of the last quarter", "<", bar, hits=late.value < bar)
    return [Finding("The representation has lost what tells states apart.", (flat, come.evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Take fewer passes over each rollout",
        "each pass fits the representation closer to one batch",
        verify="effective_rank stops falling",
        change={"n_epochs": "x0.5"},
    ),
    Remedy(
        "Halve the learning rate",
        "smaller steps leave directions alive that no batch asks for",
        verify="effective_rank stops falling",
        change={"learning_rate": "x0.5"},
    ),
)

_FALLS: Any = {"effective_rank": [8.0, 6.0, 4.0, 3.0, 2.0, 1.6, 1.4, 1.3, 1.2, 1.1, 1.05, 1.0]}
FIRES = (
    synthetic("one dimension left", eval_mean_return=[10.0, 11.0, 9.0, 10.0] * 3, **_FALLS),
    synthetic("nothing left, what it learnt before stays", effective_rank=[2.0, 2.5, 1.5, 1.0, 1.0, 0.0] + [0.0] * 6),
)
SILENT = (
    synthetic("one dimension is enough", eval_mean_return=[10.0, 60.0, 90.0] + [100.0] * 9, **_FALLS),
    synthetic("holds", effective_rank=[8.0, 7.0, 6.0, 6.5] * 3, eval_mean_return=[10.0, 11.0, 9.0, 10.0] * 3),
)
