"""TRI106 higher-discount-helps."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("TRI106", severity="warning")
def higher_discount_helps(trial_gain_higher_discount: float, *, least: float = 0.1) -> list[Finding]:
    """Trained again with a discount of .99, the run ends higher; its own is lower.

    Looks at
    The lower end of the interval of what the trial gained over the run, seeds paired, in units of how far the farther
    of the two is from random play: above `least`.

    Why it matters
    What an action brings after the horizon, one over one minus the discount, does not count.

    When it is wrong
    A higher discount also scales the returns up: where these were too small for the learner, that may be what
    helped.

    What to do
    Make the horizon as long as the delay from action to reward.

    References
    Schulman et al. 2016, section 3; Jiang et al. 2015 on planning horizons.
    """
    if trial_gain_higher_discount <= least:
        return []
    evidence = given("trial_gain_higher_discount", trial_gain_higher_discount, ">", least)
    return [Finding("A longer horizon helps: this was tried.", (evidence,), REMEDIES)]


REMEDIES = (
    Remedy(
        "Use a discount of ninety-nine hundredths",
        "the trial ended higher with it",
        verify="eval_mean_return rises",
        change={"gamma": "0.99"},
    ),
)

FIRES = (synthetic("it did far better", trial_gain_higher_discount=0.6),)
SILENT = (
    synthetic("no better", trial_gain_higher_discount=-0.2),
    synthetic("hardly better", trial_gain_higher_discount=0.05),
)
