"""DAT103 advantage-mismatch."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("DAT103", severity="critical")
def advantage_mismatch(gae_error: float, gae_lambda: float | None = None, *, limit: float = 1e-3) -> list[Finding]:
    """The advantages are not what rewards, values and ends in the buffer give.

    Looks at
    The probe's largest difference between the advantage in use and one recomputed from stored rewards, values and ends
    of episodes, in standard deviations of the advantage, above `limit`.

    Why it matters
    Wrong advantages look like a hard problem: learning is slow or stops short, and no curve says why.

    When it is wrong
    Another estimator on purpose (V-trace, Monte Carlo, n-step): then compare with that one.

    What to do
    See which rows differ. Rows before an end of an episode: a leak, or a wrong bootstrap. The last row: bootstrap from
    the wrong value. All rows by one step: rewards shifted. All but some environments: indexing.

    References
    Schulman et al. 2016, equation 16; Huang et al. 2022, detail 5.
    """
    if gae_error <= limit:
        return []
    evidence = [given("gae_error", gae_error, ">", limit)]
    if gae_lambda is not None:
        evidence.append(given("gae_lambda", gae_lambda))
    return [Finding("The learner is pushed along advantages that its own data does not give.", tuple(evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Cut the recursion at every end of an episode; bootstrap after a time limit and at the end of the rollout",
        "a leak across ends and a missing bootstrap are the two common errors",
        confirm="gae_recompute",
        verify="gae_error falls to float error",
    ),
    Remedy(
        "Check the shapes and the order of the rows",
        "rows of another environment or of another time give advantages that belong to neither",
        confirm="shapes",
    ),
)

FIRES = (synthetic("leak across episodes", gae_error=1.7, gae_lambda=0.95), synthetic("last row only", gae_error=0.05))
SILENT = (synthetic("float error", gae_error=3e-6), synthetic("at the limit", gae_error=1e-3))
