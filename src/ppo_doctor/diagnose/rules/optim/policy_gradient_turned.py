"""OPT113 policy-gradient-turned."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("OPT113", severity="critical")
def policy_gradient_turned(policy_gradient_cosine: float, *, limit: float = 0.5) -> list[Finding]:
    """The policy term pulls in another direction than the clipped surrogate does.

    Looks at
    The audit's cosine between the gradient of the learner's policy term and that of the clipped surrogate on the same
    rows, below `limit`. Minus one is a wrong sign; zero is no gradient, or noise.

    Why it matters
    With the sign turned, the policy learns what pays least while entropy, ratio and KL look as usual. The value of the
    policy loss shows nothing: it is near zero whatever its sign.

    When it is wrong
    Another objective on purpose (a penalty instead of a clip, an auxiliary policy loss): then compare with that one.

    What to do
    The surrogate is a gain: its negative is minimised. Compare the loss with equation nine, row by row.

    References
    Schulman et al. 2017, equation 9; Huang et al. 2022.
    """
    if policy_gradient_cosine >= limit:
        return []
    evidence = (given("policy_gradient_cosine", policy_gradient_cosine, "<", limit),)
    return [Finding("The update does not follow the advantage it was given.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Print ratio, advantage and loss of a few rows: making a good action more likely must lower the loss",
        "a sign, a broadcast or a detached ratio is the usual bug",
        verify="policy_gradient_cosine is one",
    ),
)

FIRES = (
    synthetic("the sign is wrong", policy_gradient_cosine=-1.0),
    synthetic("no gradient", policy_gradient_cosine=0.0),
)
SILENT = (
    synthetic("as it should be", policy_gradient_cosine=1.0),
    synthetic("at the limit", policy_gradient_cosine=0.5),
)
