"""REW119 reward-terms-ignore-actions."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("REW119", severity="info")
def reward_terms_ignore_actions(
    reward_terms_dead: float, reward_term_share_max: float | None = None, *, all_of_them: float = 0.999
) -> list[Finding]:
    """Terms of the reward are paid whatever is done.

    Looks at
    The probe's share of paid terms whose sum no action changes: above zero; critical from `all_of_them` on, because
    the reward then depends on the task and not on the decision.

    Why it matters
    Such a term adds to the mean and the noise of the return and teaches nothing. Whoever wrote it expected it to
    steer.

    When it is wrong
    A term for events that random play never reaches looks dead before training.

    What to do
    Make the term depend on what the action changes, or drop it.

    References
    Ng et al. 1999, Policy Invariance under Reward Transformations.
    """
    if reward_terms_dead <= 0.0:
        return []
    evidence = [given("reward_terms_dead", reward_terms_dead, ">", 0.0)]
    if reward_term_share_max is not None:
        evidence.append(given("reward_term_share_max", reward_term_share_max))
    severity = "critical" if reward_terms_dead >= all_of_them else "info"
    return [Finding("Part of the reward does not depend on decisions.", tuple(evidence), REMEDIES, severity=severity)]


REMEDIES = (
    Remedy(
        "Make the terms named in the probe's note depend on what the action changes, or drop them",
        "a payment that no action changes has no gradient",
        confirm="reward_terms",
        verify="reward_terms_dead falls",
    ),
)

FIRES = (
    synthetic("a living bonus", reward_terms_dead=0.5, reward_term_share_max=1.0),
    synthetic("properties of the task only", reward_terms_dead=1.0),
)
SILENT = (
    synthetic("all steer", reward_terms_dead=0.0),
    synthetic("one dominates", reward_terms_dead=0.0, reward_term_share_max=0.9),
)
