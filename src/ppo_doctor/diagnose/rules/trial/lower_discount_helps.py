"""TRI107 lower-discount-helps."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("TRI107", severity="warning")
def lower_discount_helps(trial_gain_lower_discount: float, *, least: float = 0.1) -> list[Finding]:
    """Trained again with a discount of .99, the run ends higher; its own is nearer to one.

    Looks at
    The lower end of the interval of what the trial gained over the run, seeds paired, in units of how far the farther
    of the two is from random play: above `least`.

    Why it matters
    Without discount the value of an endless task has no bound: its error grows with the run, and drowns the
    advantage.

    When it is wrong
    A lower discount also quiets a critic that fails for other reasons (scale, rate).

    What to do
    Use .99, or treat the end of the time limit as what it is.

    References
    Schulman et al. 2016, section 3; Pardo et al. 2018 on time limits.
    """
    if trial_gain_lower_discount <= least:
        return []
    evidence = given("trial_gain_lower_discount", trial_gain_lower_discount, ">", least)
    return [Finding("A shorter horizon helps: this was tried.", (evidence,), REMEDIES)]


REMEDIES = (
    Remedy(
        "Use a discount of ninety-nine hundredths",
        "the trial ended higher with it",
        verify="explained_variance and eval_mean_return rise",
        change={"gamma": "0.99"},
    ),
)

FIRES = (synthetic("it did far better", trial_gain_lower_discount=0.6),)
SILENT = (
    synthetic("no better", trial_gain_lower_discount=-0.2),
    synthetic("hardly better", trial_gain_lower_discount=0.05),
)
