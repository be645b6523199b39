"""OPT120 learning-rate-rises."""

from __future__ import annotations

import numpy as np

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import median, need, spent, tail
from ppo_doctor.run import Series, synthetic


@rule("OPT120", severity="warning")
def learning_rate_rises(
    learning_rate: Series,
    total_steps: float | None = None,
    *,
    factor: float = 2.0,
    budget: float = 0.5,
    least: int = 10,
) -> list[Finding]:
    """The learning rate climbs to the end of the training.

    Looks at
    The rate, over `least` updates or more: it never falls, rises with every update of the last quarter, and that
    quarter's median is above `factor` times the first rate. Undecided before `budget` of the planned steps is gone.

    Why it matters
    A policy that has learnt is nearly deterministic, and the same step moves it further than before. The rate that did
    well at the start is then too large already; a larger one undoes the run.

    When it is wrong
    A warm-up that takes more than half of the training, or a log that ends in the middle of one.

    What to do
    See in which direction the schedule counts. In Stable-Baselines3 it is given the progress that remains: 1 at first,
    0 at the end.

    References
    Huang et al. 2022, detail 4 (annealing to zero); Stable-Baselines3, custom learning rate schedules.
    """
    need(learning_rate, int(least))
    spent(learning_rate, total_steps, budget)
    late, start = tail(learning_rate), float(learning_rate.value[0])
    climbs = bool((np.diff(learning_rate.value) >= 0).all() and (np.diff(late.value) > 0).all())
    if not climbs or median(late) <= factor * start:
        return []
    evidence = seen(late, median(late), "median of the last quarter", ">", factor * start)
    return [Finding("The steps are largest when the policy can bear them least.", (evidence,), REMEDIES)]


REMEDIES = (
    Remedy(
        "Let the rate decay, or keep it where it began",
        "late steps must be smaller than early ones, not larger",
        verify="learning_rate falls, and approx_kl_mean does not grow towards the end",
        change={"learning_rate_end": "0"},
    ),
)

FIRES = (synthetic("counts the wrong way", learning_rate=[3e-5 * (k + 1) for k in range(12)]),)
SILENT = (
    synthetic("decays", learning_rate=[3e-5 * (12 - k) for k in range(12)]),
    synthetic("warms up", learning_rate=[1e-4, 2e-4, 3e-4] + [3e-4] * 12),
    synthetic("creeps", learning_rate=[3e-4 * 1.01**k for k in range(12)]),
)
