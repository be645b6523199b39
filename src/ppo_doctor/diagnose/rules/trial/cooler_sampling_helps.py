"""TRI109 cooler-sampling-helps."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("TRI109", severity="warning")
def cooler_sampling_helps(trial_gain_lower_temperature: float, *, least: float = 0.1) -> list[Finding]:
    """Trained again with a sampling temperature of one, the run ends higher; its own is higher.

    Looks at
    The lower end of the interval of what the trial gained over the run, seeds paired, in units of how far the farther
    of the two is from random play: above `least`.

    Why it matters
    A hot policy acts at random whatever its logits say: what it learns from is not what it would do.

    When it is wrong
    A temperature that anneals to one is exploration; a trial as long as the run tells the difference.

    What to do
    Sample at temperature one; explore by a small entropy bonus.

    References
    Ahmed et al. 2019 on entropy in policy optimisation.
    """
    if trial_gain_lower_temperature <= least:
        return []
    evidence = given("trial_gain_lower_temperature", trial_gain_lower_temperature, ">", least)
    return [Finding("Cooler sampling helps: this was tried.", (evidence,), REMEDIES)]


REMEDIES = (
    Remedy(
        "Sample at temperature one",
        "the trial ended higher with it",
        verify="entropy_frac falls, eval_mean_return rises",
        change={"temperature": "1.0"},
    ),
)

FIRES = (synthetic("it did far better", trial_gain_lower_temperature=0.6),)
SILENT = (
    synthetic("no better", trial_gain_lower_temperature=-0.2),
    synthetic("hardly better", trial_gain_lower_temperature=0.05),
)
