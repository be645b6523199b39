"""ENV109 observation-constant."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("ENV109", severity="warning")
def observation_constant(obs_constant_frac: float, *, limit: float = 0.5, blind: float = 0.999) -> list[Finding]:
    """Much of the observation never changes.

    Looks at
    The probe's share of features that never vary under random play, above `limit`; critical above `blind`.

    Why it matters
    Constant features say nothing: names in the observation are not information in it. If all are constant the policy
    is blind. A normaliser can also divide by their vanishing spread.

    When it is wrong
    Padding, one-hot slots that random play rarely fills, and features that only a good policy reaches.

    What to do
    List the constant features; see which were meant to move.

    References
    Bouchoucha et al. 2024, RLExplorer (state checks).
    """
    if obs_constant_frac <= limit:
        return []
    meaning = "The agent sees little of what its observation promises."
    evidence = (given("obs_constant_frac", obs_constant_frac, ">", limit),)
    return [Finding(meaning, evidence, REMEDIES, severity="critical" if obs_constant_frac > blind else "warning")]


REMEDIES = (
    Remedy(
        "List the constant features and fill those that were meant to vary",
        "a feature left at its default is the usual cause",
        confirm="observation_audit",
        verify="obs_constant_frac falls",
    ),
    Remedy(
        "Test whether what remains predicts the best action",
        "the features that vary may be the wrong ones",
        confirm="observability",
    ),
)

FIRES = (synthetic("all zero", obs_constant_frac=1.0), synthetic("four of seven", obs_constant_frac=4 / 7))
SILENT = (synthetic("all vary", obs_constant_frac=0.0), synthetic("some padding", obs_constant_frac=0.5))
