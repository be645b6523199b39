"""TRI111 usual-deviation-helps."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("TRI111", severity="warning")
def usual_deviation_helps(trial_gain_usual_deviation: float, *, least: float = 0.1) -> list[Finding]:
    """Trained again with a usual initial standard deviation, the run ends higher.

    Looks at
    The lower end of the interval of what the trial gained over the run, seeds paired, in units of how far the farther
    of the two is from random play: above `least`.

    Why it matters
    A Gaussian that starts as a point explores nothing; one far wider than the bounds plays their two ends.

    When it is wrong
    Where a good policy was loaded, a narrow start is wanted.

    What to do
    Start with a log standard deviation of zero to minus one, in units of the half range.

    References
    Andrychowicz et al. 2021, on the initial action standard deviation.
    """
    if trial_gain_usual_deviation <= least:
        return []
    evidence = given("trial_gain_usual_deviation", trial_gain_usual_deviation, ">", least)
    return [Finding("A usual initial standard deviation helps: this was tried.", (evidence,), REMEDIES)]


REMEDIES = (
    Remedy(
        "Start with a log standard deviation of zero",
        "the trial ended higher with it",
        verify="std moves, eval_mean_return rises",
        change={"network_log_std": "0.0"},
    ),
)

FIRES = (synthetic("it did far better", trial_gain_usual_deviation=0.6),)
SILENT = (
    synthetic("no better", trial_gain_usual_deviation=-0.2),
    synthetic("hardly better", trial_gain_usual_deviation=0.05),
)
