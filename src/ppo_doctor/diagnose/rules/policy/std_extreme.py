"""POL130 std-extreme."""

from __future__ import annotations

import math

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("POL130", severity="critical")
def std_extreme(network_log_std: float, *, low: float = 0.05, high: float = 2.0) -> list[Finding]:
    """Gaussian actions start with a spread that explores nothing, or hardly anything but the bounds.

    Looks at
    The initial standard deviation of the actions, in half ranges: below `low`, or above `high`.

    Why it matters
    Below a twentieth of a half range, actions other than the mean are never tried, and every small step of the mean is
    an enormous KL. Above two half ranges, more than three draws of five lie beyond the bounds, where all actions are
    the same: the gradient of the mean is noise.

    When it is wrong
    Where the bounds are not those of the action as the policy has it; state-dependent exploration adds up over a
    trajectory and starts lower.

    What to do
    Start between a third of a half range and one. A raw standard deviation where its logarithm is meant is the
    usual bug.

    References
    Andrychowicz et al. 2021, section on action distributions; rsl_rl commit 596e38c.
    """
    std = math.exp(min(network_log_std, 700.0))
    if low <= std <= high:
        return []
    relation, limit = ("<", math.log(low)) if std < low else (">", math.log(high))
    evidence = (given("network_log_std", network_log_std, relation, limit),)
    return [Finding("The first rollouts cannot tell good actions from bad ones.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Start with a standard deviation of a third of a half range to one",
        "neither the mean alone nor the bounds alone are then tried",
        verify="the return rises",
        change={"network_log_std": "-0.5"},
    ),
)

FIRES = (synthetic("no spread", network_log_std=-5.0), synthetic("all beyond the bounds", network_log_std=3.0))
SILENT = (synthetic("a half range", network_log_std=0.0), synthetic("narrow", network_log_std=-2.0))
