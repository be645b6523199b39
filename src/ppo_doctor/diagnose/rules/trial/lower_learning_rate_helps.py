"""TRI102 lower-learning-rate-helps."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("TRI102", severity="warning")
def lower_learning_rate_helps(trial_gain_lower_learning_rate: float, *, least: float = 0.1) -> list[Finding]:
    """Trained again with a usual learning rate, the run ends higher; its own is higher, or rises to be.

    Looks at
    The lower end of the interval of what the trial gained over the run, seeds paired, in units of how far the farther
    of the two is from random play: above `least`.

    Why it matters
    Steps that overshoot turn the policy into something arbitrary that later rollouts cannot repair.

    When it is wrong
    Where the clip range is wide, the epochs many or the advantages unscaled, a lower rate hides that.

    What to do
    Lower the learning rate to one thousandth, and decay it.

    References
    Andrychowicz et al. 2021; Henderson et al. 2018.
    """
    if trial_gain_lower_learning_rate <= least:
        return []
    evidence = given("trial_gain_lower_learning_rate", trial_gain_lower_learning_rate, ">", least)
    return [Finding("A lower learning rate helps: this was tried.", (evidence,), REMEDIES)]


REMEDIES = (
    Remedy(
        "Lower the learning rate to one thousandth",
        "the trial ended higher with it",
        verify="approx_kl_max falls, eval_mean_return rises",
        change={"learning_rate": "0.001"},
    ),
)

FIRES = (synthetic("it did far better", trial_gain_lower_learning_rate=0.6),)
SILENT = (
    synthetic("no better", trial_gain_lower_learning_rate=-0.2),
    synthetic("hardly better", trial_gain_lower_learning_rate=0.05),
)
