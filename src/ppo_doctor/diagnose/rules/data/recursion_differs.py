"""DAT134 recursion-differs."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("DAT134", severity="critical")
def recursion_differs(gae_wrong_inside: float, advantage_permuted: float | None = None, advantage_cleared_frac: float | None = None, *, limit: float = 0.0) -> list[Finding]:
    """Advantages break the recursion inside episodes.

    Looks at
    The audit holds every advantage against its own successor. It fires if rows inside episodes break it
    (`gae_wrong_inside` above `limit`), and the advantages are neither those of other rows nor cleared.

    Why it matters
    Credit decays otherwise than configured, or runs along a sequence that is none: a discount applied twice, another
    lambda, agents chained as if they were steps.

    When it is wrong
    Another estimator on purpose (V-trace, Monte Carlo): then compare with that one.

    What to do
    Recompute three rows by hand with the configured discount and lambda.

    References
    Schulman et al. 2016, equation 16.
    """
    elsewhere = (advantage_permuted, advantage_cleared_frac)
    if gae_wrong_inside <= limit or any(one is not None and one > limit for one in elsewhere):
        return []
    return [Finding("The advantages are not those of the configured discount, lambda and order of rows.", (given("gae_wrong_inside", gae_wrong_inside, ">", limit),), REMEDIES)]


REMEDIES = (Remedy("Recompute three rows by hand", "it shows whether the factor or the neighbour is wrong", confirm="gae_recompute", verify="gae_error is float error"),)

FIRES = (synthetic("discount applied twice", gae_wrong_inside=1.0),)
SILENT = (synthetic("right", gae_wrong_inside=0.0), synthetic("rows mixed up", gae_wrong_inside=0.9, advantage_permuted=1.0),)
