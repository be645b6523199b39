"""OPT102 schedule-not-applied."""

from __future__ import annotations

from typing import Any

import numpy as np

from ppo_doctor.diagnose.finding import Finding, Remedy, given, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import need, spent
from ppo_doctor.run import Series, synthetic


@rule("OPT102", severity="warning")
def schedule_not_applied(
    learning_rate: Series,
    learning_rate_start: float,
    learning_rate_end: float,
    total_steps: float | None = None,
    *,
    change: float = 0.01,
    least: int = 5,
    budget: float = 0.3,
) -> list[Finding]:
    """The learning rate is constant although the configuration lets it decay.

    Looks at
    Start and end of the configured schedule, which differ by more than `change`, and the learning rate in force: the
    same in all of `least` updates or more, with `budget` of the planned steps gone.

    Why it matters
    The run is not the one that was configured. Late instability that the schedule was meant to prevent comes back.

    When it is wrong
    A schedule that starts late (warm-up at a constant rate) may not have begun.

    What to do
    Find where the schedule is read: a flag that switches it, a value restored on resume, a setting that is never wired.

    References
    Real cases: purejaxrl commit c05f88b; mesozoic-labs pull request 397.
    """
    need(learning_rate, int(least))
    spent(learning_rate, total_steps, budget)
    planned = abs(learning_rate_end - learning_rate_start) > change * abs(learning_rate_start)
    if not planned or np.ptp(learning_rate.value) > change * abs(learning_rate.value[0]):
        return []
    evidence = (
        seen(learning_rate, learning_rate.value[-1], "always"),
        given("learning_rate_start", learning_rate_start),
        given("learning_rate_end", learning_rate_end),
    )
    return [Finding("The schedule in the configuration has no effect.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Wire the schedule to the optimiser, and log the rate the optimiser uses",
        "a setting that is read nowhere changes nothing",
        confirm="optimiser_audit",
        verify="learning_rate falls over the run",
    ),
)

_PLAN: Any = {"learning_rate_start": 3e-4, "learning_rate_end": 0.0}
FIRES = (synthetic("never wired", learning_rate=[3e-4] * 10, total_steps=10_000, **_PLAN),)
SILENT = (
    synthetic("applied", learning_rate=[3e-4 * (1 - k / 10) for k in range(10)], total_steps=10_000, **_PLAN),
    synthetic("constant as configured", learning_rate=[3e-4] * 10, learning_rate_start=3e-4, learning_rate_end=3e-4),
)
