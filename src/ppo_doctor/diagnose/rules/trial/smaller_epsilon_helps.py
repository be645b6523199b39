"""TRI112 smaller-epsilon-helps."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("TRI112", severity="warning")
def smaller_epsilon_helps(trial_gain_smaller_epsilon: float, *, least: float = 0.1) -> list[Finding]:
    """Trained again with Adam's epsilon at one in a hundred thousand, the run ends higher; its own is larger.

    Looks at
    The lower end of the interval of what the trial gained over the run, seeds paired, in units of how far the farther
    of the two is from random play: above `least`.

    Why it matters
    Where epsilon exceeds the root of the second moment, Adam's step is the gradient times a tiny number.

    When it is wrong
    Gradients of usual size lie far above any usual epsilon; then nothing changes, and the rule is silent.

    What to do
    Use an epsilon of 1e-5.

    References
    Kingma and Ba 2015, algorithm 1; Huang et al. 2022, detail 3.
    """
    if trial_gain_smaller_epsilon <= least:
        return []
    evidence = given("trial_gain_smaller_epsilon", trial_gain_smaller_epsilon, ">", least)
    return [Finding("A smaller epsilon of Adam helps: this was tried.", (evidence,), REMEDIES)]


REMEDIES = (
    Remedy(
        "Set Adam's epsilon to its usual value",
        "the trial ended higher with it",
        verify="update_ratio rises",
        change={"adam_eps": "1e-05"},
    ),
)

FIRES = (synthetic("it did far better", trial_gain_smaller_epsilon=0.6),)
SILENT = (
    synthetic("no better", trial_gain_smaller_epsilon=-0.2),
    synthetic("hardly better", trial_gain_smaller_epsilon=0.05),
)
