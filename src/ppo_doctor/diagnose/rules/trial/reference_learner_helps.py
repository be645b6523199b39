"""TRI113 reference-learner-helps."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("TRI113", severity="warning")
def reference_learner_helps(trial_gain_reference_learner: float, *, least: float = 0.1) -> list[Finding]:
    """A learner known to be right, with the same settings, ends higher in the same environment.

    Looks at
    The lower end of the interval of what the trial gained over the run, seeds paired, in units of how far the farther
    of the two is from random play: above `least`.

    Why it matters
    Environment, reward and settings are the same: what differs is the code that learns or that reports.

    When it is wrong
    Two sound implementations differ in details (initial weights, the order of minibatches); a gain beyond the
    seeds' own spread is needed. A run whose learner is the reference itself gains exactly nothing.

    What to do
    Compare the two learners part by part: log-probabilities, advantages, the loss, the optimiser's step.

    References
    Henderson et al. 2018 and Huang et al. 2022 on differences between implementations.
    """
    if trial_gain_reference_learner <= least:
        return []
    evidence = given("trial_gain_reference_learner", trial_gain_reference_learner, ">", least)
    return [Finding("The learner is at fault, not its task or its settings: this was tried.", (evidence,), REMEDIES)]


REMEDIES = (
    Remedy(
        "Compare your learner with the reference part by part",
        "with the same settings in the same environment the reference ended higher",
        verify="the trial no longer gains",
    ),
)

FIRES = (synthetic("it did far better", trial_gain_reference_learner=0.6),)
SILENT = (
    synthetic("no better", trial_gain_reference_learner=-0.2),
    synthetic("hardly better", trial_gain_reference_learner=0.05),
)
