"""TRI108 smaller-value-coefficient-helps."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("TRI108", severity="warning")
def smaller_value_coefficient_helps(trial_gain_smaller_value_coef: float, *, least: float = 0.1) -> list[Finding]:
    """Trained again with a value coefficient of one half, the run ends higher; its own is larger.

    Looks at
    The lower end of the interval of what the trial gained over the run, seeds paired, in units of how far the farther
    of the two is from random play: above `least`.

    Why it matters
    Under a shared gradient clip a huge value term leaves the policy no step at all.

    When it is wrong
    Where returns of huge scale make the value loss large, any coefficient that shrinks it helps; see `return-
    scale-large`.

    What to do
    Use one half, and scale the returns.

    References
    Schulman et al. 2017, eq. 9; Andrychowicz et al. 2021.
    """
    if trial_gain_smaller_value_coef <= least:
        return []
    evidence = given("trial_gain_smaller_value_coef", trial_gain_smaller_value_coef, ">", least)
    return [Finding("A smaller value coefficient helps: this was tried.", (evidence,), REMEDIES)]


REMEDIES = (
    Remedy(
        "Use a value coefficient of one half",
        "the trial ended higher with it",
        verify="the gradient norm of the policy term is no longer dwarfed",
        change={"vf_coef": "0.5"},
    ),
)

FIRES = (synthetic("it did far better", trial_gain_smaller_value_coef=0.6),)
SILENT = (
    synthetic("no better", trial_gain_smaller_value_coef=-0.2),
    synthetic("hardly better", trial_gain_smaller_value_coef=0.05),
)
