"""OPT111 surrogate-not-improved."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.run import Series, synthetic


@rule("OPT111", severity="warning")
def surrogate_not_improved(pg_loss: Series, *, share: float = 0.9, least: int = 10) -> list[Finding]:
    """Updates make the surrogate worse instead of better.

    Looks at
    The policy loss, minus the surrogate averaged over the gradient steps: positive in `share` of the updates or more.
    Needs `least` updates in which it is not zero.

    Why it matters
    At the start of an update it is zero by construction (standardised advantages), and every step on the same data
    should lower it. If it is above zero nearly always, the steps climb the wrong way. It says nothing on progress.

    When it is wrong
    Without standardised advantages the start is not zero. A log of the last minibatch alone is noisy, but not
    one-sided. Steps that overshoot far enough also end above zero.

    What to do
    Take one small step on the policy term alone and see whether the surrogate rises.

    References
    Schulman et al. 2017, equation 7; Engstrom et al. 2020.
    """
    steps = pg_loss.where(pg_loss.value != 0.0)
    if len(steps) < least:
        raise Undecided(f"needs {least:g} updates with a policy loss other than zero, has {len(steps)}")
    worse = steps.value > 0.0
    if worse.mean() < share:
        return []
    return [
        Finding(
            "The learner moves away from what its own data call better.",
            (seen(steps, float(worse.mean()), "share of updates above zero", ">=", share, hits=worse),),
            REMEDIES,
        )
    ]


REMEDIES = (
    Remedy(
        "Check the sign of the policy term by one step on it alone",
        "minus the surrogate is minimised",
        confirm="entropy_sign",
        verify="pg_loss is below zero",
    ),
    Remedy("Lower the learning rate", "steps that overshoot also end above zero", change={"learning_rate": "x0.3"}),
)

FIRES = (synthetic("always above zero", pg_loss=[0.02, 0.03, 0.01, 0.02] * 4),)
SILENT = (
    synthetic("below zero", pg_loss=[-0.01, -0.02, -0.005, 0.001] * 4),
    synthetic("noise of the last minibatch", pg_loss=[-0.02, 0.03, 0.01, -0.01] * 4),
)
