"""REW127 reference-below-random."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("REW127", severity="critical")
def reference_below_random(
    reference_gain_high: float,
    reference_gain: float | None = None,
    headroom_low: float | None = None,
    *,
    limit: float = -0.02,
) -> list[Finding]:
    """A policy that is known to be good earns less than random play.

    Looks at
    The probe's gain of the system's reference policy over random play, in standard deviations of random episodes: the
    upper end of its interval below `limit`. The reference is written by hand and chosen by nothing that is measured.
    The least headroom of what was found by search tells whether others earn more by this reward.

    Why it matters
    A learner climbs a reward of the wrong sign as well as a right one, and nothing in its log looks wrong. Only a
    policy that is good for another reason than its reward can show it.

    When it is wrong
    If the reference is bad, or does not fit this variant of the environment: actions that go by other numbers, another
    load, other physics. If actions are broken on their way, it is broken as well.

    What to do
    Compute by hand the reward of a step that is plainly good and of one that is plainly bad.

    References
    Amodei et al. 2016, Concrete Problems in AI Safety; Krakovna et al. 2020 on gamed specifications.
    """
    if reference_gain_high >= limit:
        return []
    evidence = [given("reference_gain_high", reference_gain_high, "<", limit)]
    others = {"reference_gain": reference_gain, "headroom_low": headroom_low}
    evidence += [given(name, value) for name, value in others.items() if value is not None]
    return [Finding("The reward calls good what is bad.", tuple(evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Correct the sign of the reward, or of the term that is largest",
        "what is known to be good must earn more than chance",
        confirm="reference",
        verify="reference_gain rises above zero",
    ),
)

FIRES = (
    synthetic("paid for falling", reference_gain=-15.1, reference_gain_high=-14.9, headroom_low=0.9),
    synthetic("clearly below", reference_gain_high=-0.2),
)
SILENT = (
    synthetic("far above", reference_gain=15.1, reference_gain_high=15.4),
    synthetic("not told from chance", reference_gain=-0.1, reference_gain_high=0.1),
)
