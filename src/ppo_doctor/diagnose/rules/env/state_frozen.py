"""ENV103 state-frozen."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("ENV103", severity="critical")
def state_frozen(state_changes: float, *, limit: float = 0.01) -> list[Finding]:
    """The observation does not change from step to step.

    Looks at
    The probe's share of steps under random play whose observation differs from the one before, at or below `limit`.

    Why it matters
    A policy that always sees the same cannot react, and a critic that always sees the same predicts a constant. What is
    taken is given back in the same step, or the observation is taken at reset and never again.

    When it is wrong
    One-step tasks show a new observation per episode, not per step: the probe then has no steps to compare.

    What to do
    Print ten observations in a row. Which features should have moved?

    References
    Andy Jones 2021, probe environments.
    """
    if state_changes > limit:
        return []
    meaning = "The agent looks at a picture, not at the environment."
    return [Finding(meaning, (given("state_changes", state_changes, "<=", limit),), REMEDIES)]


REMEDIES = (
    Remedy(
        "Build the observation after the step from the state as it then is",
        "an observation made at reset, or before the step is done, is always old",
        confirm="state_dynamics",
        verify="state_changes is near one",
    ),
    Remedy(
        "Release what an action holds when its time is over, not in the step that takes it",
        "otherwise the state is back where it was before anyone sees it",
        confirm="state_dynamics",
    ),
)

FIRES = (synthetic("frozen at reset", state_changes=0.0), synthetic("nearly", state_changes=0.005))
SILENT = (synthetic("moves", state_changes=1.0), synthetic("moves rarely", state_changes=0.2))
