"""ENV116 observation-stale."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("ENV116", severity="critical")
def observation_stale(obs_stale_frac: float, *, limit: float = 0.2) -> list[Finding]:
    """The observation shows an earlier state.

    Looks at
    The probe's share of states in which the effect of an action appears a step late: above `limit`.

    Why it matters
    The agent decides on what was. Fast tasks cannot be learnt, slow ones level off early.

    When it is wrong
    Effects that are delayed by the task itself, such as a message under way, look the same; then the observation
    should show what is under way.

    What to do
    Build the observation after the state has changed.

    References
    Katsikopoulos and Engelbrecht 2003 on decisions with delayed observations.
    """
    if obs_stale_frac <= limit:
        return []
    return [Finding("The agent acts on the past.", (given("obs_stale_frac", obs_stale_frac, ">", limit),), REMEDIES)]


REMEDIES = (
    Remedy(
        "Build the observation after the state has changed",
        "a decision needs the present",
        confirm="observation_audit",
        verify="obs_stale_frac falls to zero",
    ),
)

FIRES = (synthetic("a step behind", obs_stale_frac=0.9),)
SILENT = (
    synthetic("fresh", obs_stale_frac=0.0),
    synthetic("some effects are slow", obs_stale_frac=0.1),
)
