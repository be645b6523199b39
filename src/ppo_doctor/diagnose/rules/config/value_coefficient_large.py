"""CFG114 value-coefficient-large."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("CFG114", severity="warning")
def value_coefficient_large(vf_coef: float, *, limit: float = 5.0) -> list[Finding]:
    """The value loss weighs many times what the policy does.

    Looks at
    The weight of the value loss, above `limit`.

    Why it matters
    Under a shared norm clip the policy's part of the gradient is scaled down with the critic's.

    When it is wrong
    With separate networks and clips, and with tiny returns, for which it makes up.

    What to do
    Use a half; normalise returns.

    References
    Andrychowicz et al. 2021; Huang et al. 2022.
    """
    if vf_coef <= limit:
        return []
    return [Finding("The critic may take the shared gradient.", (given("vf_coef", vf_coef, ">", limit),), REMEDIES)]


REMEDIES = (
    Remedy(
        "Use a half",
        "the clip then leaves the policy its part",
        verify="approx_kl_mean rises",
        change={"vf_coef": "0.5"},
    ),
)

FIRES = (synthetic("fifty", vf_coef=50.0),)
SILENT = (
    synthetic("a half", vf_coef=0.5),
    synthetic("two", vf_coef=2.0),
)
