"""TRI101 higher-learning-rate-helps."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("TRI101", severity="warning")
def higher_learning_rate_helps(trial_gain_higher_learning_rate: float, *, least: float = 0.1) -> list[Finding]:
    """Trained again with a usual learning rate, the run ends higher; its own is lower.

    Looks at
    The lower end of the interval of what the trial gained over the run, seeds paired, in units of how far the farther
    of the two is from random play: above `least`.

    Why it matters
    Steps too small for the budget leave the policy where it was born, and nothing else need be wrong.

    When it is wrong
    Where a reward of tiny scale, a huge value term or a large epsilon of Adam shrinks the step, a higher rate
    makes up for it without being the root.

    What to do
    Raise the learning rate to one thousandth, or give the run more steps.

    References
    Andrychowicz et al. 2021; Bengio 2012 on the learning rate as the first setting to try.
    """
    if trial_gain_higher_learning_rate <= least:
        return []
    evidence = given("trial_gain_higher_learning_rate", trial_gain_higher_learning_rate, ">", least)
    return [Finding("A higher learning rate helps: this was tried.", (evidence,), REMEDIES)]


REMEDIES = (
    Remedy(
        "Raise the learning rate to one thousandth",
        "the trial ended higher with it",
        verify="eval_mean_return rises faster",
        change={"learning_rate": "0.001"},
    ),
)

FIRES = (synthetic("it did far better", trial_gain_higher_learning_rate=0.6),)
SILENT = (
    synthetic("no better", trial_gain_higher_learning_rate=-0.2),
    synthetic("hardly better", trial_gain_higher_learning_rate=0.05),
)
