"""DAT132 stored-actions-tied."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("DAT132", severity="critical")
def stored_actions_tied(stored_action_tied: float, *, limit: float = 0.01) -> list[Finding]:
    """Stored real-valued actions are the same at the ends of their range.

    Looks at
    The audit counts stored actions of a continuous policy that equal another one at the smallest or largest value of a
    component: above `limit`. Draws of a density are never the same twice, so what is, was clipped before storing.

    Why it matters
    The log-probability is that of the draw, the action is the bound: the ratio is not one before the first step, and
    the mean is pulled inwards or the spread grows without end.

    When it is wrong
    Where the policy is a distribution with mass at its bounds on purpose (censored Gaussian), whose log-probability
    knows it.

    What to do
    Store the draw; clip a copy for the environment.

    References
    cleanrl issue 240; garage issue 291; Fujita & Maeda 2018, Clipped Action Policy Gradient.
    """
    if stored_action_tied <= limit:
        return []
    evidence = (given("stored_action_tied", stored_action_tied, ">", limit),)
    return [Finding("Clipped actions were stored instead of the draws.", evidence, REMEDIES)]


REMEDIES = (Remedy(
        "Store the draw, clip a copy for the environment",
        "the log-probability belongs to the draw",
        confirm='stored_actions',
        verify="stored_action_tied is zero",
    ),)

FIRES = (synthetic("a third at the bounds", stored_action_tied=0.32), synthetic("few", stored_action_tied=0.02),)
SILENT = (synthetic("draws", stored_action_tied=0.0), synthetic("at the limit", stored_action_tied=0.01),)
