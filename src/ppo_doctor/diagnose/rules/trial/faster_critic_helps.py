"""TRI110 faster-critic-helps."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("TRI110", severity="warning")
def faster_critic_helps(trial_gain_faster_critic: float, *, least: float = 0.1) -> list[Finding]:
    """Trained again with a critic as fast as the actor, the run ends higher; its own learns far slower.

    Looks at
    The lower end of the interval of what the trial gained over the run, seeds paired, in units of how far the farther
    of the two is from random play: above `least`.

    Why it matters
    Without a critic the advantage is the noise of whole returns.

    When it is wrong
    Where the critic cannot learn for another reason, its rate changes nothing, and the rule is silent.

    What to do
    Give the critic the actor's learning rate, or more.

    References
    Andrychowicz et al. 2021; Konda and Tsitsiklis 2000 (the critic on the faster time scale).
    """
    if trial_gain_faster_critic <= least:
        return []
    evidence = given("trial_gain_faster_critic", trial_gain_faster_critic, ">", least)
    return [Finding("A faster critic helps: this was tried.", (evidence,), REMEDIES)]


REMEDIES = (
    Remedy(
        "Give the critic the actor's learning rate",
        "the trial ended higher with it",
        verify="explained_variance rises",
        change={"critic_learning_rate": "1.0"},
    ),
)

FIRES = (synthetic("it did far better", trial_gain_faster_critic=0.6),)
SILENT = (
    synthetic("no better", trial_gain_faster_critic=-0.2),
    synthetic("hardly better", trial_gain_faster_critic=0.05),
)
