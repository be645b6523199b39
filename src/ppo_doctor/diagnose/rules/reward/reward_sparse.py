"""REW108 reward-sparse."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("REW108", severity="warning")
def reward_sparse(reward_occurrence: float, *, limit: float = 0.02) -> list[Finding]:
    """Random play is hardly ever paid anything out of the ordinary.

    Looks at
    The probe's share of episodes of random play with any reward other than the most frequent one, at or below `limit`.

    Why it matters
    Before the first success there is no gradient, and with few of them it is mostly noise. An action cost then teaches
    the agent to do nothing.

    When it is wrong
    A constant reward per step is informative by the length of the episode, and has no other reward to find.

    What to do
    Bring success within reach of chance: nearer starts, shaping by a potential, demonstrations.

    References
    Ng et al. 1999, potential-based shaping; Florensa et al. 2017; gymnax-blines issue 5.
    """
    if reward_occurrence > limit:
        return []
    evidence = (given("reward_occurrence", reward_occurrence, "<=", limit),)
    return [Finding("Chance does not find what should be learnt.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Start some episodes near the goal, or shape the reward by a potential",
        "the first successes must come by chance, and such shaping keeps the optimum",
        confirm="reward_occurrence",
        verify="reward_occurrence rises above a few percent",
    ),
)

FIRES = (
    synthetic("never paid", reward_occurrence=0.0),
    synthetic("once in a hundred episodes", reward_occurrence=0.01),
)
SILENT = (synthetic("dense", reward_occurrence=1.0), synthetic("one episode in five", reward_occurrence=0.2))
