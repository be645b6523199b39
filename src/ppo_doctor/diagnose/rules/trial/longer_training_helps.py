"""TRI119 longer-training-helps."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("TRI119", severity="info")
def longer_training_helps(trial_gain_longer_training: float, *, least: float = 0.1) -> list[Finding]:
    """Trained again for twice the steps or more, the run ends higher.

    Looks at
    The lower end of the interval of what the trial gained over the run, seeds paired, in units of how far the farther
    of the two is from random play: above `least`. Tried where a run has few updates.

    Why it matters
    A schedule that ends at zero flattens every curve, also one that has hardly begun to climb: a plateau is no proof
    that a run is done.

    When it is wrong
    Steps that are too small also arrive with time: a learning rate or a clip range that is far too low is helped too.

    What to do
    Train on until twice the steps gain nothing, before changing anything else.

    References
    Henderson et al. 2018; Andrychowicz et al. 2021 on budgets and conclusions.
    """
    if trial_gain_longer_training <= least:
        return []
    evidence = given("trial_gain_longer_training", trial_gain_longer_training, ">", least)
    return [Finding("Longer training helps: this was tried.", (evidence,), REMEDIES)]


REMEDIES = (
    Remedy(
        "Train for more steps, with schedules stretched to the new length",
        "the trial ended higher with it",
        verify="twice the steps gain nothing more",
        change={"total_steps": "x2"},
    ),
)

FIRES = (synthetic("it did far better", trial_gain_longer_training=0.4),)
SILENT = (
    synthetic("no better", trial_gain_longer_training=-0.1),
    synthetic("hardly better", trial_gain_longer_training=0.05),
)
