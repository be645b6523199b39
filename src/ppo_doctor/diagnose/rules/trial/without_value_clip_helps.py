"""TRI120 without-value-clip-helps."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("TRI120", severity="warning")
def without_value_clip_helps(trial_gain_without_value_clip: float, *, least: float = 0.1) -> list[Finding]:
    """Trained again without the value clip, the run ends higher.

    Looks at
    The lower end of the interval of what the trial gained over the run, seeds paired, in units of how far the farther
    of the two is from random play: above `least`.

    Why it matters
    A prediction may move by the clip per update and no further: returns beyond that are out of the critic's reach.

    When it is wrong
    Where the critic is of no use anyway, a gain is luck that the seeds share.

    What to do
    Switch the value clip off; studies found no benefit.

    References
    Andrychowicz et al. 2021; Engstrom et al. 2020; ray pull request 2921.
    """
    if trial_gain_without_value_clip <= least:
        return []
    evidence = given("trial_gain_without_value_clip", trial_gain_without_value_clip, ">", least)
    return [Finding("It helps not to clip the value: this was tried.", (evidence,), REMEDIES)]


REMEDIES = (
    Remedy(
        "Switch the value clip off",
        "the trial ended higher without it",
        verify="explained_variance rises",
        change={"clip_range_vf": "off"},
    ),
)

FIRES = (synthetic("it did far better", trial_gain_without_value_clip=0.6),)
SILENT = (
    synthetic("no better", trial_gain_without_value_clip=-0.2),
    synthetic("hardly better", trial_gain_without_value_clip=0.05),
)
