"""ENV131 action-effect-small."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("ENV131", severity="info")
def action_effect_small(
    action_influence_return: float, *, none: float = 0.05, limit: float = 0.1**0.5
) -> list[Finding]:
    """Actions decide little of the return; luck decides the rest.

    Looks at
    The probe's share of the return's spread that random actions decide (in standard deviations): above `none`, below
    which they decide nothing, and at or below `limit`, a tenth of the variance.

    Why it matters
    The signal that is to be learnt lies below noise ten times its size. It is so where most of the range of an action
    has no effect (bounds that are narrower than declared), where only few decisions count, or where the task is luck.

    When it is wrong
    Random play may never come to the decisions that count.

    What to do
    Compare the environment's answer to the ends of the action's range with that to its middle; compare returns on the
    same seeds, so that luck cancels.

    References
    Mao et al. 2019, Variance Reduction for Reinforcement Learning in Input-Driven Environments.
    """
    if not none < action_influence_return <= limit:
        return []
    evidence = (given("action_influence_return", action_influence_return, "<=", limit),)
    return [Finding("What is decided hardly shows in what is earned.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "See whether the whole range of the action has an effect",
        "what is clipped away cannot be learnt",
        confirm="action_audit",
        verify="action_influence_return rises",
    ),
    Remedy(
        "Pay relative to a baseline on the same seed",
        "luck that both share cancels",
        confirm="action_influence",
        verify="advantage_std falls and half_batch_cosine rises",
    ),
)

FIRES = (synthetic("a tenth of the variance", action_influence_return=0.2),)
SILENT = (
    synthetic("decisive", action_influence_return=0.9),
    synthetic("no influence is another fault", action_influence_return=0.0),
)
