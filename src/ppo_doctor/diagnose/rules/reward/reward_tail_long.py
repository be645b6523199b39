"""REW131 reward-tail-long."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("REW131", severity="warning")
def reward_tail_long(reward_tail: float, *, limit: float = 40.0) -> list[Finding]:
    """A few rewards of random play are tens of times as large as nearly all others.

    Looks at
    The probe's farthest reward, in units of the distance from the median that one reward in a hundred exceeds (or of
    the median itself), steps that end an episode left out: above `limit`.

    Why it matters
    Those few decide the variance of every return and the critic's loss. Standardised with them, the advantage of all
    other steps is next to nothing.

    When it is wrong
    Rare prizes and fines in the middle of an episode that are meant. Small samples miss what is rarer.

    What to do
    Find the step: a division by nearly zero, a contact force, a difference that wraps. Bound it in the formula.

    References
    IsaacLab issues 1999 and 4570; van Hasselt et al. 2016 on rewards of very different sizes.
    """
    if reward_tail <= limit:
        return []
    evidence = (given("reward_tail", reward_tail, ">", limit),)
    return [Finding("Rare rewards outweigh all the others.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Find the term that pays them, and bound it",
        "an unbounded term will do it again",
        confirm="reward_audit",
        verify="reward_tail falls to a few",
    ),
)

FIRES = (synthetic("a spike", reward_tail=1e3), synthetic("a smaller one", reward_tail=70.0))
SILENT = (synthetic("even", reward_tail=1.1), synthetic("skewed", reward_tail=25.0))
