"""CFG130 critic-rate-small."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("CFG130", severity="warning")
def critic_rate_small(critic_learning_rate: float, *, limit: float = 0.1) -> list[Finding]:
    """The critic learns far more slowly than the actor.

    Looks at
    The critic's learning rate as a multiple of the actor's, below `limit`.

    Why it matters
    The actor moves on before the critic knows what its last policy was worth: advantages stay returns with a wrong
    constant, all noise.

    When it is wrong
    With a value loss whose optimiser is not Adam, rates do not compare.

    What to do
    Give the critic at least the actor's learning rate; more does no harm.

    References
    Andrychowicz et al. 2021; Konda & Tsitsiklis 2000, whose critic moves on the faster time scale.
    """
    if critic_learning_rate >= limit:
        return []
    evidence = (given("critic_learning_rate", critic_learning_rate, "<", limit),)
    return [Finding("The critic is starved by configuration.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Give the critic the actor's learning rate",
        "a late critic means noisy advantages",
        verify="explained_variance rises",
        change={"critic_learning_rate": "1"},
    ),
)

FIRES = (synthetic("a thousandth", critic_learning_rate=0.001),)
SILENT = (synthetic("the actor's", critic_learning_rate=1.0), synthetic("at the limit", critic_learning_rate=0.1))
