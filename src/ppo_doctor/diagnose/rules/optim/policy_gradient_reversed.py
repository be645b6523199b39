"""OPT115 policy-gradient-reversed."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("OPT115", severity="critical")
def policy_gradient_reversed(policy_gradient_cosine: float, *, limit: float = -0.99) -> list[Finding]:
    """The policy term pulls exactly against the clipped surrogate.

    Looks at
    The audit's cosine between the gradient of the learner's policy term and that of the clipped surrogate on the same
    rows, below `limit`: the same direction, with the other sign.

    Why it matters
    Nothing but a sign does that. Wrong log-probabilities, dropout or raw advantages turn the gradient, but not about.

    When it is wrong
    Where the surrogate is minimised on purpose: unlearning, or an adversary's loss.

    What to do
    Search for the minus: before the surrogate, in the advantage (value less return), in the optimiser's direction.

    References
    Schulman et al. 2017, equation 9: the objective is maximised.
    """
    if policy_gradient_cosine >= limit:
        return []
    evidence = (given("policy_gradient_cosine", policy_gradient_cosine, "<", limit),)
    return [Finding("Actions that paid are made less likely.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Turn the sign of the policy loss, or of the advantage",
        "a good action must become more likely by one step",
        verify="policy_gradient_cosine is one",
    ),
)

FIRES = (synthetic("the sign is wrong", policy_gradient_cosine=-1.0),)
SILENT = (
    synthetic("as it should be", policy_gradient_cosine=1.0),
    synthetic("no gradient", policy_gradient_cosine=0.0),
    synthetic("turned, but not about", policy_gradient_cosine=-0.9),
)
