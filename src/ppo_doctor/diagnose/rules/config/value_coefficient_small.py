"""CFG113 value-coefficient-small."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("CFG113", severity="warning")
def value_coefficient_small(vf_coef: float, *, limit: float = 0.02) -> list[Finding]:
    """The value loss weighs next to nothing.

    Looks at
    The weight of the value loss, below `limit`; nought leaves the critic untrained.

    Why it matters
    In a shared network, or under one optimiser and clip, the critic then learns last, and advantages stay noisy.

    When it is wrong
    With separate networks and Adam a small weight hardly matters, and with large returns it is how people balance
    them.

    What to do
    Use a half, and normalise returns instead of shrinking the weight.

    References
    Andrychowicz et al. 2021; Huang et al. 2022.
    """
    if vf_coef >= limit:
        return []
    return [Finding("The critic is starved by configuration.", (given("vf_coef", vf_coef, "<", limit),), REMEDIES)]


REMEDIES = (
    Remedy(
        "Use a half, and normalise returns if they are large",
        "a late critic means noisy advantages",
        verify="explained_variance rises",
        change={"vf_coef": "0.5"},
    ),
)

FIRES = (synthetic("a ten-thousandth", vf_coef=1e-4),)
SILENT = (
    synthetic("a half", vf_coef=0.5),
    synthetic("small but usual", vf_coef=0.1),
)
