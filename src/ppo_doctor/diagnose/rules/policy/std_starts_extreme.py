"""POL121 std-starts-extreme."""

from __future__ import annotations

import math

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import need
from ppo_doctor.run import Series, synthetic


@rule("POL121", severity="info")
def std_starts_extreme(log_std_mean: Series, *, low: float = 0.05, high: float = 4.0, least: int = 3) -> list[Finding]:
    """The first recorded spread of Gaussian actions is far from any that is used.

    Looks at
    The standard deviation of the actions at the first of `least` points or more: below `low`, or above `high`. The
    usual start is between a third and one, in units of half the range of the action.

    Why it matters
    Below `low` nothing but the mean is tried, and each step is an enormous KL; above `high` nearly all actions lie
    beyond the bounds, where they are all alike.

    When it is wrong
    Actions that are not scaled to a range of about one, so that a log in their own units says nothing; a log that
    starts late, after a long training.

    What to do
    Print the spread before the first update, and the bounds of the action space beside it.

    References
    Andrychowicz et al. 2021, section on action distributions.
    """
    need(log_std_mean, int(least))
    first = float(log_std_mean.value[0])
    if math.log(low) <= first <= math.log(high):
        return []
    at = log_std_mean.where(log_std_mean.step == log_std_mean.step[0])
    relation, limit = ("<", math.log(low)) if first < 0.0 else (">", math.log(high))
    evidence = seen(at, first, "first", relation, limit)
    return [Finding("Exploration starts at nothing, or beyond the bounds.", (evidence,), REMEDIES)]


REMEDIES = (
    Remedy(
        "Start with a standard deviation of a third of a half range to one",
        "neither the mean alone nor the bounds alone are then tried",
        verify="log_std_mean starts near zero",
        change={"network_log_std": "-0.5"},
    ),
)

FIRES = (
    synthetic("no spread", log_std_mean=[-5.0, -4.9, -4.8]),
    synthetic("beyond the bounds", log_std_mean=[3.0, 2.9, 2.8]),
)
SILENT = (
    synthetic("one", log_std_mean=[0.0, -0.1, -0.2]),
    synthetic("shrinks later", log_std_mean=[-0.5, -2.0, -4.0]),
)
