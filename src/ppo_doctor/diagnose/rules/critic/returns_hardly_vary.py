"""VAL109 returns-hardly-vary."""

from __future__ import annotations

import numpy as np

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.diagnose.series import need, progress
from ppo_doctor.run import Series, synthetic


@rule(
    "VAL109",
    severity="info",
    sees_nonfinite=True,
    instead={"eval_sampled_mean_return": ("mean_ep_return", "eval_mean_return")},
)
def returns_hardly_vary(
    explained_variance: Series,
    eval_sampled_mean_return: Series | None = None,
    *,
    limit: float = -2.0,
    share: float = 0.5,
    warmup: int = 3,
    least: int = 8,
) -> list[Finding]:
    """Returns vary less than the critic errs, or not at all.

    Looks at
    The explained variance after the first `warmup` updates, `least` of them at least: undefined, or below `limit`, in
    more than `share` of them. One minus error over variance falls without bound as returns become equal, and is
    undefined once they are; a mere lack of skill ends at zero. A return that rose and held leaves it undecided.

    Why it matters
    Equal returns leave nothing to tell good from bad: a constant or clipped reward, one that is never found, one that
    is too small for the critic's own error, or episodes cut to one step of equal pay.

    When it is wrong
    A critic that is very wrong, as with huge initial weights or targets of another scale, looks the same until it has
    learnt.

    What to do
    Print the rewards of one rollout: how many values do they take, and how large are they?

    References
    Andrychowicz et al. 2021; Schulman 2016, Nuts and Bolts.
    """
    judged = explained_variance.where(np.arange(len(explained_variance)) >= warmup)
    need(judged, int(least), f"updates after the first {warmup:g}")
    if np.isposinf(judged.value).any():
        raise Undecided("an explained variance above one is impossible")
    low = ~(judged.value >= limit)
    if low.mean() <= share:
        return []
    paid = eval_sampled_mean_return
    paid = None if paid is None else paid.where(np.isfinite(paid.value))
    if paid is not None and len(paid) >= 6 and progress(paid).learnt:
        raise Undecided("returns are alike, but they rose first: so does a task that was solved end")
    evidence = seen(judged, float(low.mean()), "share of updates undefined or far below zero", ">", share, hits=low)
    return [Finding("There is next to nothing for the critic to explain.", (evidence,), REMEDIES)]


REMEDIES = (
    Remedy(
        "Print the rewards and returns of one rollout",
        "one value, or a tiny one, is seen at once",
        verify="explained_variance is between zero and one",
    ),
    Remedy("Scale rewards so that returns vary by about one", "errors of the critic's size no longer hide them"),
)

FIRES = (
    synthetic("hardly any", explained_variance=[-5.0, -9.0, -12.0, -4.0] * 3),
    synthetic("none", explained_variance=[float("nan")] * 12),
)
SILENT = (
    synthetic("no skill", explained_variance=[-9.0, -1.0, 0.0, 0.01] + [-0.01, 0.02] * 4),
    synthetic("skill", explained_variance=[-3.0, 0.2, 0.5] + [0.9] * 9),
)
