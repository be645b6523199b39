"""TRI116 longer-rollout-helps."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("TRI116", severity="warning")
def longer_rollout_helps(trial_gain_longer_rollout: float, *, least: float = 0.1) -> list[Finding]:
    """Trained again with rollouts of a usual length, the run ends higher.

    Looks at
    The lower end of the interval of what the trial gained over the run, seeds paired, in units of how far the farther
    of the two is from random play: above `least`.

    Why it matters
    Advantages of a few steps are mostly what the critic believes, and a gradient of a few rows is noise.

    When it is wrong
    A longer rollout with larger minibatches is a steadier gradient in any case: with thousands of environments that
    is all it brings.

    What to do
    Collect a hundred steps and more of each environment per rollout, and scale the minibatch along.

    References
    Schulman et al. 2017 (128 steps on Atari, 2048 on MuJoCo); Andrychowicz et al. 2021.
    """
    if trial_gain_longer_rollout <= least:
        return []
    evidence = given("trial_gain_longer_rollout", trial_gain_longer_rollout, ">", least)
    return [Finding("Longer rollouts help: this was tried.", (evidence,), REMEDIES)]


REMEDIES = (
    Remedy(
        "Lengthen the rollout, and the minibatch with it",
        "the trial ended higher with it",
        verify="half_batch_cosine rises",
        change={"n_steps": "128"},
    ),
)

FIRES = (synthetic("it did far better", trial_gain_longer_rollout=0.6),)
SILENT = (
    synthetic("no better", trial_gain_longer_rollout=-0.2),
    synthetic("hardly better", trial_gain_longer_rollout=0.05),
)
