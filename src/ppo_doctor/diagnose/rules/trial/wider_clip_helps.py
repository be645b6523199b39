"""TRI103 wider-clip-helps."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("TRI103", severity="warning")
def wider_clip_helps(trial_gain_wider_clip: float, *, least: float = 0.1) -> list[Finding]:
    """Trained again with a clip range of two tenths, the run ends higher; its own is narrower.

    Looks at
    The lower end of the interval of what the trial gained over the run, seeds paired, in units of how far the farther
    of the two is from random play: above `least`.

    Why it matters
    Rows beyond the clip give no gradient: with a range near zero that is nearly every row after the first step.

    When it is wrong
    Where the rest of the update overshoots (rate, epochs), a narrow clip may be what kept it alive; then this
    trial ends lower, and the rule is silent.

    What to do
    Use two tenths.

    References
    Schulman et al. 2017, table 1.
    """
    if trial_gain_wider_clip <= least:
        return []
    evidence = given("trial_gain_wider_clip", trial_gain_wider_clip, ">", least)
    return [Finding("A wider clip range helps: this was tried.", (evidence,), REMEDIES)]


REMEDIES = (
    Remedy(
        "Use a clip range of two tenths",
        "the trial ended higher with it",
        verify="clip_frac falls, approx_kl_mean rises",
        change={"clip_coef": "0.2"},
    ),
)

FIRES = (synthetic("it did far better", trial_gain_wider_clip=0.6),)
SILENT = (
    synthetic("no better", trial_gain_wider_clip=-0.2),
    synthetic("hardly better", trial_gain_wider_clip=0.05),
)
