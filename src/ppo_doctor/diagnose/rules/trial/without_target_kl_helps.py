"""TRI117 without-target-kl-helps."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("TRI117", severity="warning")
def without_target_kl_helps(trial_gain_without_target_kl: float, *, least: float = 0.1) -> list[Finding]:
    """Trained again without a target KL, the run ends higher.

    Looks at
    The lower end of the interval of what the trial gained over the run, seeds paired, in units of how far the farther
    of the two is from random play: above `least`.

    Why it matters
    A stop below the KL of a single step ends every update at once; the epochs that were configured never run.

    When it is wrong
    Where the KL is large before any step, as log-probabilities that do not match make it, the stop is a symptom.

    What to do
    Raise the target to two hundredths, or leave it off.

    References
    Schulman et al. 2017 (targets of three thousandths to three hundredths); Spinning Up (one hundredth).
    """
    if trial_gain_without_target_kl <= least:
        return []
    evidence = given("trial_gain_without_target_kl", trial_gain_without_target_kl, ">", least)
    return [Finding("It helps not to stop at the target KL: this was tried.", (evidence,), REMEDIES)]


REMEDIES = (
    Remedy(
        "Raise the target KL to two hundredths, or leave it off",
        "the trial ended higher with it",
        verify="gradient_steps grows",
        change={"target_kl": "0.02"},
    ),
)

FIRES = (synthetic("it did far better", trial_gain_without_target_kl=0.6),)
SILENT = (
    synthetic("no better", trial_gain_without_target_kl=-0.2),
    synthetic("hardly better", trial_gain_without_target_kl=0.05),
)
