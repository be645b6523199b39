"""TRI115 smaller-batch-helps."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("TRI115", severity="warning")
def smaller_batch_helps(trial_gain_smaller_batch: float, *, least: float = 0.1) -> list[Finding]:
    """Trained again with four minibatches a pass instead of one, the run ends higher.

    Looks at
    The lower end of the interval of what the trial gained over the run, seeds paired, in units of how far the farther
    of the two is from random play: above `least`.

    Why it matters
    A minibatch that holds the whole rollout makes one step a pass: a fraction of what was meant.

    When it is wrong
    Where a higher learning rate would do the same, the number of steps is one way among two.

    What to do
    Set the batch to a quarter of the rollout.

    References
    Huang et al. 2022 (four minibatches); Stable-Baselines3 issue 766.
    """
    if trial_gain_smaller_batch <= least:
        return []
    evidence = given("trial_gain_smaller_batch", trial_gain_smaller_batch, ">", least)
    return [Finding("More minibatches a pass help: this was tried.", (evidence,), REMEDIES)]


REMEDIES = (
    Remedy(
        "Set the batch to a quarter of the rollout",
        "the trial ended higher with it",
        verify="gradient_steps per update grows",
        change={"batch_size": "rollout_rows/4"},
    ),
)

FIRES = (synthetic("it did far better", trial_gain_smaller_batch=0.6),)
SILENT = (
    synthetic("no better", trial_gain_smaller_batch=-0.2),
    synthetic("hardly better", trial_gain_smaller_batch=0.05),
)
