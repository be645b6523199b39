"""TRI118 usual-initial-weights-help."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("TRI118", severity="warning")
def usual_initial_weights_help(trial_gain_usual_initial_weights: float, *, least: float = 0.1) -> list[Finding]:
    """Trained again with initial weights of the usual scale, the run ends higher.

    Looks at
    The lower end of the interval of what the trial gained over the run, seeds paired, in units of how far the farther
    of the two is from random play: above `least`.

    Why it matters
    Units that start in the flat of their activation have no gradient, and the first policy is decided before it has
    seen anything; weights near zero pass nothing on.

    When it is wrong
    Where weights were scaled for inputs of another scale, normalise the inputs instead.

    What to do
    Leave the initial weights at their usual scale: orthogonal, and the policy's last layer a hundred times smaller.

    References
    Andrychowicz et al. 2021 (on the initial policy); Huang et al. 2022, detail 2.
    """
    if trial_gain_usual_initial_weights <= least:
        return []
    evidence = given("trial_gain_usual_initial_weights", trial_gain_usual_initial_weights, ">", least)
    return [Finding("Initial weights of the usual scale help: this was tried.", (evidence,), REMEDIES)]


REMEDIES = (
    Remedy(
        "Leave the initial weights at their usual scale",
        "the trial ended higher with it",
        verify="entropy_frac starts near one",
        change={"network_init_scale": "1"},
    ),
)

FIRES = (synthetic("it did far better", trial_gain_usual_initial_weights=0.6),)
SILENT = (
    synthetic("no better", trial_gain_usual_initial_weights=-0.2),
    synthetic("hardly better", trial_gain_usual_initial_weights=0.05),
)
