"""OPT103 schedule-ends-early."""

from __future__ import annotations

import numpy as np

from ppo_doctor.diagnose.finding import Finding, Remedy, given, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import need
from ppo_doctor.run import Series, synthetic


@rule("OPT103", severity="warning")
def schedule_ends_early(
    learning_rate: Series, total_steps: float, *, dead: float = 0.01, early: float = 0.8, least: int = 8
) -> list[Finding]:
    """The learning rate reaches its end long before the training does.

    Looks at
    The first step from which on the learning rate stays below `dead` times its largest value: before `early` of the
    planned steps. Needs `least` updates.

    Why it matters
    The rest of the budget is spent on a policy that no longer changes. The schedule counts other units than the
    training: updates against steps, one environment against all.

    When it is wrong
    A cooling-down at the end on purpose; then shorten the plan instead.

    What to do
    Compare the unit in which the schedule counts with the one of the budget.

    References
    Huang et al. 2022, detail 4 (learning-rate annealing).
    """
    need(learning_rate, int(least))
    low = learning_rate.value < dead * learning_rate.value.max()
    if not low[-1]:
        return []
    index = int(len(low) - np.argmin(low[::-1]))
    if learning_rate.step[index] >= early * total_steps:
        return []
    rest = learning_rate.where(np.arange(len(low)) >= index)
    bar = dead * float(learning_rate.value.max())
    evidence = (seen(rest, rest.value.max(), "largest from there on", "<", bar), given("total_steps", total_steps))
    return [Finding("The schedule is over while the training goes on.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Let the schedule count what the budget counts",
        "updates, steps of one environment and steps of all differ by large factors",
        verify="learning_rate reaches its end in the last update",
    ),
)

FIRES = (synthetic("half way", learning_rate=[3e-4 * max(1 - k / 6, 0.0) for k in range(12)], total_steps=12_000),)
SILENT = (
    synthetic("ends with the training", learning_rate=[3e-4 * (1 - k / 12) for k in range(12)], total_steps=12_000),
    synthetic("constant", learning_rate=[3e-4] * 12, total_steps=12_000),
    synthetic("in the last update", learning_rate=[3e-4] * 11 + [0.0], total_steps=12_000),
)
