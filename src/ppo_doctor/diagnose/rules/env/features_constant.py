"""ENV129 features-constant."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("ENV129", severity="info")
def features_constant(obs_constant_frac: float, *, limit: float = 0.5) -> list[Finding]:
    """Some features never change.

    Looks at
    The probe's share of features that never vary under random play: above zero, and at most `limit` (above it
    observation-constant speaks).

    Why it matters
    A feature that was put there to move, and does not, is a fault that no curve shows: a utilisation that is always
    zero because tasks are released in the step that starts them, a queue that is never filled.

    When it is wrong
    Padding, and features that only a better policy moves.

    What to do
    Read which they are in the probe's note, and ask of each whether it should have moved.

    References
    Gymnasium's environment checker tests shapes and bounds, not movement.
    """
    if not 0.0 < obs_constant_frac <= limit:
        return []
    evidence = (given("obs_constant_frac", obs_constant_frac, ">", 0.0),)
    return [Finding("Part of the observation never moves.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Ask of every feature in the probe's note what should make it move, and whether that happens",
        "state that is updated and undone within one step looks like state that does not exist",
        confirm="observation_audit",
        verify="obs_constant_frac falls",
    ),
)

FIRES = (synthetic("two of twenty", obs_constant_frac=0.1), synthetic("half", obs_constant_frac=0.5))
SILENT = (synthetic("all move", obs_constant_frac=0.0), synthetic("graver", obs_constant_frac=0.6))
