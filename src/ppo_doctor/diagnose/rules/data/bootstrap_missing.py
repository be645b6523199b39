"""DAT115 bootstrap-missing."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("DAT115", severity="critical")
def bootstrap_missing(gae_error: float, gae_error_unbootstrapped: float, *, limit: float = 0.01) -> list[Finding]:
    """The advantages are those of a recursion that takes the value after a cut to be zero.

    Looks at
    The advantages used, recomputed twice: correctly (`gae_error`), and without a bootstrap at time limits and at the
    end of the rollout (`gae_error_unbootstrapped`). It fires if the first differs by more than `limit` standard
    deviations and the second does not.

    Why it matters
    Everything just before a cut looks worthless; long tasks and short rollouts settle lower, and nothing else looks
    wrong.

    When it is wrong
    Where nothing was cut both references agree, and the first is right: then it is clean.

    What to do
    Bootstrap with the value of the state after the cut, not of the state after the reset.

    References
    Pardo et al. 2018, Time Limits in Reinforcement Learning.
    """
    if gae_error <= limit or gae_error_unbootstrapped > limit:
        return []
    return [Finding("The future after a cut is left out.", (given("gae_error", gae_error, ">", limit), given("gae_error_unbootstrapped", gae_error_unbootstrapped, "<=", limit),), REMEDIES)]


REMEDIES = (Remedy("Bootstrap from the state after the cut", "the task goes on there", confirm="gae_recompute", verify="gae_error is float error"),)

FIRES = (synthetic("equal to the recursion without bootstrap", gae_error=2.0, gae_error_unbootstrapped=1e-6),)
SILENT = (synthetic("right", gae_error=1e-6, gae_error_unbootstrapped=2.0), synthetic("wrong in another way", gae_error=2.0, gae_error_unbootstrapped=1.9),)
