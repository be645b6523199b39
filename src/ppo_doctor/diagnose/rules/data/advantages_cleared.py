"""DAT131 advantages-cleared."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("DAT131", severity="critical")
def advantages_cleared(advantage_cleared_frac: float, *, limit: float = 0.0) -> list[Finding]:
    """Advantages are zero where they should not be.

    Looks at
    The audit recomputes every advantage. It fires if a share of the rows above `limit` has
    exactly zero in its place.

    Why it matters
    Those rows teach the policy nothing, whatever was done in them; the others are standardised together with the
    zeros.

    When it is wrong
    Rows that are left out on purpose (padding, agents that are dead) should not be in the batch at all.

    What to do
    Look at who clears or allocates the array: once per rollout, or once per group of environments?

    References
    PufferLib commit 342143a.
    """
    if advantage_cleared_frac <= limit:
        return []
    evidence = (given("advantage_cleared_frac", advantage_cleared_frac, ">", limit),)
    return [Finding("Part of the rollout is thrown away between the recursion and the loss.", evidence, REMEDIES)]


REMEDIES = (Remedy(
        "Allocate the advantages once per rollout, and write every row",
        "an array that is cleared in a loop keeps the last group only",
        confirm='gae_recompute',
        verify="gae_error is float error",
    ),)

FIRES = (synthetic("most environments", advantage_cleared_frac=0.9), synthetic("a few rows", advantage_cleared_frac=0.01),)
SILENT = (synthetic("none", advantage_cleared_frac=0.0), synthetic("none, many agents", advantage_cleared_frac=0.0, n_agents=4),)
