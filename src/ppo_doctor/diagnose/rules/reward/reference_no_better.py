"""REW132 reference-no-better."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("REW132", severity="warning")
def reference_no_better(reference_gain_low: float, reference_gain_high: float, *, limit: float = 0.02) -> list[Finding]:
    """A policy that is known to be good cannot be told from random play by what it earns.

    Looks at
    The probe's interval of the gain of the system's reference policy over random play, in standard deviations of
    random episodes: its lower end at or below `limit`, its upper end not as far below zero.

    Why it matters
    What distinguishes good from bad is not paid, is drowned by noise, or cannot be brought about: actions are ignored,
    the reward depends on other things, or rare huge rewards decide. No learner will find what the reference knows.

    When it is wrong
    Few episodes in a task of much luck leave a wide interval. The reference may not fit this variant.

    What to do
    Compare the rewards of the reference and of random play on the same seed, step by step.

    References
    Agarwal et al. 2021 on intervals; Mao et al. 2019 on returns that depend on inputs, not on decisions.
    """
    if reference_gain_low > limit or reference_gain_high < -limit:
        return []
    evidence = (
        given("reference_gain_low", reference_gain_low, "<=", limit),
        given("reference_gain_high", reference_gain_high, ">=", -limit),
    )
    return [Finding("Skill is not paid.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Compare the rewards of the reference and of random play on the same seed, step by step",
        "the first step that should differ and does not shows the fault",
        confirm="reference",
        verify="reference_gain_low rises above zero",
    ),
)

FIRES = (
    synthetic("exactly alike", reference_gain_low=0.0, reference_gain_high=0.0),
    synthetic("lost in noise", reference_gain_low=-0.4, reference_gain_high=0.9),
)
SILENT = (
    synthetic("ahead", reference_gain_low=0.2, reference_gain_high=0.4),
    synthetic("behind", reference_gain_low=-1.5, reference_gain_high=-1.0),
)
