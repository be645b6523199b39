"""EVA112 return-flat."""

from __future__ import annotations

import numpy as np

from ppo_doctor.diagnose.finding import Finding, Remedy, given, seen
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.diagnose.series import Progress, progress, spent, spread
from ppo_doctor.run import Series, synthetic


@rule("EVA112", severity="warning", instead={"eval_mean_return": ("mean_ep_return",)})
def return_flat(
    eval_mean_return: Series,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    total_steps: float | None = None,
    *,
    rise: float = 0.25,
    least: int = 6,
    budget: float = 0.3,
) -> list[Finding]:
    """The return has not risen since the start.

    Looks at
    The median of the last quarter of the returns against random play, or against the first value: it fires if the
    difference is within the noise, and no stretch of the run was better. It is clean only if the rise is proof of
    learning: held, beyond the noise, and, without random play to compare with, more than `rise` of the level itself.
    In between it is undecided. Needs `least` points, and `budget` of the planned steps gone.

    Why it matters
    It is what "does not learn" looks like from a log alone; and it is the one thing that must be clean before anything
    else may be called harmless. Logged returns are often running averages, whose drift looks like a slow rise.

    When it is wrong
    A policy that starts as good as it can be has nothing to rise to: a return that is constant, or scatters around
    zero as in self-play, leaves it undecided. A sparse task may still be waiting for its first success.

    What to do
    Read the ranked causes: data path, headroom and reward come before any setting.

    References
    Henderson et al. 2018; Agarwal et al. 2021.
    """
    come = progress(eval_mean_return, random_return, best_baseline_return, random_return_std, int(least))
    if come.learnt and _beyond_drift(come, random_return, rise):
        return []
    if come.at_par:
        return []
    if come.rose or come.rising or come.lost > 0.0:
        raise Undecided("the return moved, but not by enough, or not for long enough, to prove learning")
    spent(eval_mean_return, total_steps, budget)
    values = eval_mean_return.value
    if random_return is None and np.ptp(values) == 0.0:
        raise Undecided("the return is constant: solved and dead look alike until random_return is known")
    if random_return is None and abs(come.level) < spread(eval_mean_return) and values.min() < 0.0 < values.max():
        raise Undecided("the returns scatter around zero, as in self-play, where a level means nothing")
    evidence = [come.evidence, seen(eval_mean_return, values[0], "first")]
    if random_return is not None:
        evidence.append(given("random_return", random_return))
    return [Finding("Whatever the updates did, the return does not show it.", tuple(evidence), REMEDIES)]


def _beyond_drift(come: Progress, random: float | None, rise: float) -> bool:
    """Whether the gain is larger than the drift of a running average is likely to be."""
    if random is not None:
        return True
    start = float(come.series.value[0])
    return come.level - start > rise * max(abs(start), abs(come.level))


REMEDIES = (
    Remedy(
        "Check the data path and the environment before any setting",
        "most runs that never rise cannot, and no setting helps those",
        confirm="action_influence",
    ),
    Remedy(
        "Play randomly, and by the best rule you know",
        "a level means nothing without them",
        confirm="headroom",
        verify="random_return and best_baseline_return differ",
    ),
)

FIRES = (
    synthetic("an SB3-like log that never rises", mean_ep_return=[22.0, 21.5, 22.3, 21.0, 22.1, 21.7, 21.9, 22.2]),
    synthetic("at random play", eval_mean_return=[-81.0, -80.0, -79.5, -80.5, -80.2, -79.9], random_return=-80),
)
SILENT = (
    synthetic("learns", mean_ep_return=[22.0, 40.0, 90.0, 150.0, 190.0, 200.0, 199.0, 200.0, 200.0]),
    synthetic(
        "solved from the start",
        eval_mean_return=[120.0] * 8,
        random_return=20,
        best_baseline_return=120,
    ),
)
