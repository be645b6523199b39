"""TRI105 smaller-entropy-bonus-helps."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("TRI105", severity="warning")
def smaller_entropy_bonus_helps(trial_gain_smaller_entropy_bonus: float, *, least: float = 0.1) -> list[Finding]:
    """Trained again without an entropy bonus, the run ends higher; its own bonus is large.

    Looks at
    The lower end of the interval of what the trial gained over the run, seeds paired, in units of how far the farther
    of the two is from random play: above `least`.

    Why it matters
    A bonus that outbids the advantage pays for randomness, and the policy stays random, or ends half as good as
    it could.

    When it is wrong
    With tiny or constant advantages (a reward without information) any bonus dominates; removing it then changes
    nothing, and the rule is silent.

    What to do
    Use one hundredth or less, in units of standardised advantages.

    References
    Schulman et al. 2017, eq. 9; Andrychowicz et al. 2021.
    """
    if trial_gain_smaller_entropy_bonus <= least:
        return []
    evidence = given("trial_gain_smaller_entropy_bonus", trial_gain_smaller_entropy_bonus, ">", least)
    return [Finding("A smaller entropy bonus helps: this was tried.", (evidence,), REMEDIES)]


REMEDIES = (
    Remedy(
        "Set the entropy coefficient to zero, then raise it carefully",
        "the trial ended higher without it",
        verify="entropy falls and eval_mean_return rises",
        change={"ent_coef": "0.0"},
    ),
)

FIRES = (synthetic("it did far better", trial_gain_smaller_entropy_bonus=0.6),)
SILENT = (
    synthetic("no better", trial_gain_smaller_entropy_bonus=-0.2),
    synthetic("hardly better", trial_gain_smaller_entropy_bonus=0.05),
)
