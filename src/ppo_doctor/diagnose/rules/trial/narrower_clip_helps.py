"""TRI104 narrower-clip-helps."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("TRI104", severity="warning")
def narrower_clip_helps(trial_gain_narrower_clip: float, *, least: float = 0.1) -> list[Finding]:
    """Trained again with a clip range of two tenths, the run ends higher; its own is wider.

    Looks at
    The lower end of the interval of what the trial gained over the run, seeds paired, in units of how far the farther
    of the two is from random play: above `least`.

    Why it matters
    The clip is all that keeps a plain update near the policy that made the data.

    When it is wrong
    Where the learning rate is too high as well, either cure helps.

    What to do
    Use two tenths.

    References
    Schulman et al. 2017, table 1; Engstrom et al. 2020.
    """
    if trial_gain_narrower_clip <= least:
        return []
    evidence = given("trial_gain_narrower_clip", trial_gain_narrower_clip, ">", least)
    return [Finding("A narrower clip range helps: this was tried.", (evidence,), REMEDIES)]


REMEDIES = (
    Remedy(
        "Use a clip range of two tenths",
        "the trial ended higher with it",
        verify="approx_kl_max falls",
        change={"clip_coef": "0.2"},
    ),
)

FIRES = (synthetic("it did far better", trial_gain_narrower_clip=0.6),)
SILENT = (
    synthetic("no better", trial_gain_narrower_clip=-0.2),
    synthetic("hardly better", trial_gain_narrower_clip=0.05),
)
