"""TRI114 fewer-epochs-help."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("TRI114", severity="warning")
def fewer_epochs_help(trial_gain_fewer_epochs: float, *, least: float = 0.1) -> list[Finding]:
    """Trained again with fewer passes over each rollout, the run ends higher.

    Looks at
    The lower end of the interval of what the trial gained over the run, seeds paired, in units of how far the farther
    of the two is from random play: above `least`.

    Why it matters
    Late passes fit the noise of a rollout that the policy has left behind.

    When it is wrong
    Where the learning rate is too high, fewer steps help as well: try that rate first if it is unusual, too.

    What to do
    Use three to ten epochs, or stop at a target KL.

    References
    Schulman et al. 2017 (three to fifteen); Andrychowicz et al. 2021; Moalla et al. 2024.
    """
    if trial_gain_fewer_epochs <= least:
        return []
    evidence = given("trial_gain_fewer_epochs", trial_gain_fewer_epochs, ">", least)
    return [Finding("Fewer epochs help: this was tried.", (evidence,), REMEDIES)]


REMEDIES = (
    Remedy(
        "Use fewer epochs",
        "the trial ended higher with it",
        verify="approx_kl_max falls, eval_mean_return rises",
        change={"n_epochs": "4"},
    ),
)

FIRES = (synthetic("it did far better", trial_gain_fewer_epochs=0.6),)
SILENT = (
    synthetic("no better", trial_gain_fewer_epochs=-0.2),
    synthetic("hardly better", trial_gain_fewer_epochs=0.05),
)
