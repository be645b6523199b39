"""OPT114 policy-gradient-rescaled."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("OPT114", severity="warning")
def policy_gradient_rescaled(
    policy_gradient_scale: float,
    policy_gradient_cosine: float | None = None,
    *,
    factor: float = 3.0,
    turned: float = 0.5,
    vast: float = 10.0,
) -> list[Finding]:
    """The policy gradient is far larger or smaller than its configuration says.

    Looks at
    The audit's length of the gradient of the learner's policy term, in units of that of the clipped surrogate with
    advantages standardised as configured: above `factor`, or below its inverse. Both are of the same rows, so that
    healthy code gives one, and standardising over the rollout instead of the minibatch a little more or less. Silent
    where their cosine is below `turned`, unless the factor is `vast`: then the direction is wrong, and another rule
    says so.

    Why it matters
    Entropy bonus, value loss and gradient clip are balanced against standardised advantages. In raw units of the
    reward, one of them wins, and which one changes with the reward.

    When it is wrong
    Weights on the policy term that are meant.

    What to do
    Standardise advantages once, over all the rows that share a gradient step, right before the surrogate.

    References
    Huang et al. 2022, detail 7; Andrychowicz et al. 2021.
    """
    if policy_gradient_cosine is not None and policy_gradient_cosine < turned and policy_gradient_scale <= vast:
        return []
    if 1.0 / factor <= policy_gradient_scale <= factor:
        return []
    small = policy_gradient_scale < 1.0
    evidence = (
        given("policy_gradient_scale", policy_gradient_scale, "<" if small else ">", 1.0 / factor if small else factor),
    )
    return [Finding("Advantages do not reach the surrogate in the units the other terms expect.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Print mean and spread of the advantages that the surrogate multiplies",
        "standardised ones have mean zero and spread one",
        verify="policy_gradient_scale is near one",
    ),
)

FIRES = (
    synthetic("raw advantages, large rewards", policy_gradient_scale=100.0),
    synthetic("raw advantages, small rewards", policy_gradient_scale=0.01),
)
SILENT = (
    synthetic("as configured", policy_gradient_scale=1.0),
    synthetic("a wrong sign, not a wrong size", policy_gradient_scale=0.3, policy_gradient_cosine=-1.0),
    synthetic("over the rollout instead of the minibatch", policy_gradient_scale=1.3),
)
