"""ENV106 mask-mismatch."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("ENV106", severity="critical")
def mask_mismatch(mask_mismatch_frac: float, *, limit: float = 0.0) -> list[Finding]:
    """The mask and the environment disagree on what is legal.

    Looks at
    The probe's share of pairs of state and action on which the mask and the environment's own answer differ, above
    `limit`.

    Why it matters
    A mask that forbids what is legal hides the best action for ever; one that allows what is illegal lets the
    environment replace or punish it. Neither shows in any curve.

    When it is wrong
    Where the environment accepts an illegal action silently, the probe cannot see the second kind.

    What to do
    See when they disagree: always by one step (stale), always by one index (shifted), or for one kind of action.

    References
    Huang & Ontanon 2022, A Closer Look at Invalid Action Masking in Policy Gradient Algorithms.
    """
    if mask_mismatch_frac <= limit:
        return []
    meaning = "The policy chooses among the wrong actions."
    return [Finding(meaning, (given("mask_mismatch_frac", mask_mismatch_frac, ">", limit),), REMEDIES)]


REMEDIES = (
    Remedy(
        "Compute the mask from the state the policy is about to act in, after the step and after the reset",
        "a mask of the state before is stale by one step",
        confirm="mask_consistency",
        verify="mask_mismatch_frac is zero",
    ),
)

FIRES = (synthetic("stale by one step", mask_mismatch_frac=0.12), synthetic("rarely", mask_mismatch_frac=1e-4))
SILENT = (synthetic("agree", mask_mismatch_frac=0.0), synthetic("agree, masked", mask_mismatch_frac=0.0, masked=1))
