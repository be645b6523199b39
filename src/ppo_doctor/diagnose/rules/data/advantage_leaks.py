"""DAT118 advantage-leaks."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("DAT118", severity="critical")
def advantage_leaks(gae_error: float, gae_error_uncut: float, *, limit: float = 0.01) -> list[Finding]:
    """The advantages are those of a recursion that runs on across the ends of episodes.

    Looks at
    The advantages used, recomputed twice: correctly (`gae_error`), and without the cut at ends (`gae_error_uncut`).
    It fires if the first differs by more than `limit` standard deviations and the second does not.

    Why it matters
    Rewards of the next episode are credited to the last one: worst in short episodes, invisible in the return curve.

    When it is wrong
    Where no episode ended in the rollout both references agree, and the first is right: then it is clean.

    What to do
    Multiply the next value and the recursion by one minus the end flag of the same step.

    References
    Schulman et al. 2016, High-Dimensional Continuous Control Using Generalized Advantage Estimation.
    """
    if gae_error <= limit or gae_error_uncut > limit:
        return []
    return [Finding("Credit flows from one episode into the one before it.", (given("gae_error", gae_error, ">", limit), given("gae_error_uncut", gae_error_uncut, "<=", limit),), REMEDIES)]


REMEDIES = (Remedy("Cut the recursion where an episode ends", "credit must not cross a reset", confirm="gae_recompute", verify="gae_error is float error"),)

FIRES = (synthetic("equal to the recursion without a cut", gae_error=2.0, gae_error_uncut=1e-6),)
SILENT = (synthetic("right", gae_error=1e-6, gae_error_uncut=2.0), synthetic("wrong in another way", gae_error=2.0, gae_error_uncut=1.9), synthetic("no end", gae_error=0.0, gae_error_uncut=0.0),)
