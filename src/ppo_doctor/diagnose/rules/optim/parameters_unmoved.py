"""OPT110 parameters-unmoved."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("OPT110", severity="critical")
def parameters_unmoved(optimiser_missing_frac: float, *, limit: float = 0.0) -> list[Finding]:
    """Some parameters never move.

    Looks at
    The probe's share of parameters that no gradient step moved, or that the optimiser does not hold, above `limit`.

    Why it matters
    A part of the network stays random: a head, a trunk, a standard deviation that was created after the optimiser.

    When it is wrong
    Layers frozen on purpose.

    What to do
    List the parameters by name with their gradient and their movement over one update.

    References
    tianshou issue 374; stable-baselines commit 2f28e4b.
    """
    if optimiser_missing_frac <= limit:
        return []
    evidence = (given("optimiser_missing_frac", optimiser_missing_frac, ">", limit),)
    return [Finding("Part of the network is not being trained.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Hand every parameter to the optimiser exactly once, after all of them exist",
        "what it does not hold it cannot move, and what it holds twice moves twice",
        confirm="optimiser_audit",
        verify="optimiser_missing_frac is zero",
    ),
)

FIRES = (synthetic("critic not held", optimiser_missing_frac=0.5), synthetic("one vector", optimiser_missing_frac=1e-4))
SILENT = (
    synthetic("all held", optimiser_missing_frac=0.0),
    synthetic("all held, large", optimiser_missing_frac=0.0, n_envs=64),
)
