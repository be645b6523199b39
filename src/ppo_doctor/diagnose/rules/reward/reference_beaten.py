"""REW128 reference-beaten."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("REW128", severity="critical")
def reference_beaten(
    reference_lead_high: float,
    reference_lead: float | None = None,
    reference_gain_low: float | None = None,
    *,
    limit: float = -0.02,
) -> list[Finding]:
    """Always doing the same earns more than a policy that is known to be good.

    Looks at
    The probe's lead of the system's reference policy over the best single action, in standard deviations of random
    episodes: the upper end of its interval below `limit`.

    Why it matters
    The reward pays for something else than what the reference is good at: one term outweighs the rest (an effort that
    is saved by doing nothing), or the sign is wrong. The better the learner, the worse the outcome.

    When it is wrong
    If the reference is no good here, or the task is so easy that one action is the optimum.

    What to do
    Split the return of the reference and of that single action into their terms: which one decides?

    References
    Amodei et al. 2016, Concrete Problems in AI Safety; Ng et al. 1999 on what shaping may change.
    """
    if reference_lead_high >= limit:
        return []
    evidence = [given("reference_lead_high", reference_lead_high, "<", limit)]
    others = {"reference_lead": reference_lead, "reference_gain_low": reference_gain_low}
    evidence += [given(name, value) for name, value in others.items() if value is not None]
    return [Finding("The reward prefers doing the same blindly to doing well.", tuple(evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Compare the terms of the two returns, and weigh the one that decides by what it is worth",
        "a good policy must come out ahead before anything is trained",
        confirm="reference",
        verify="reference_lead rises above zero",
    ),
)

FIRES = (
    synthetic("saving effort is all", reference_lead=-2.2, reference_lead_high=-2.0, reference_gain_low=12.7),
    synthetic("a little", reference_lead_high=-0.1),
)
SILENT = (
    synthetic("ahead", reference_lead=0.6, reference_lead_high=0.7),
    synthetic("alike", reference_lead=0.0, reference_lead_high=0.0),
)
