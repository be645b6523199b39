"""REW130 reward-needs-skill."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("REW130", severity="warning")
def reward_needs_skill(
    reward_occurrence: float, reward_reached: float, *, limit: float = 0.02, found: float = 0.2
) -> list[Finding]:
    """Chance is never paid, but a policy that was tried is.

    Looks at
    Two shares of the probes: of random episodes with an unusual reward, at or below `limit`; and of the episodes of
    the most successful policy that was tried with an unusual return, above `found`.

    Why it matters
    The reward exists and can be had: it is only out of reach of chance. That tells a sparse reward from one that is
    constant, and from a task in which nothing can be won.

    When it is wrong
    A clip that catches all of what random play earns, and leaves what a good policy earns, looks the same.

    What to do
    Start episodes near to where that policy is paid, imitate it for a while, or shape the reward by a potential.

    References
    Ng et al. 1999, potential-based shaping; Florensa et al. 2017, reverse curricula.
    """
    if reward_occurrence > limit or reward_reached <= found:
        return []
    evidence = (
        given("reward_occurrence", reward_occurrence, "<=", limit),
        given("reward_reached", reward_reached, ">", found),
    )
    return [Finding("Reward begins where random play never comes.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Start episodes near to where a good policy is paid, and move the start away as learning goes on",
        "the first successes must come by chance",
        confirm="reward_occurrence",
        verify="reward_occurrence rises",
    ),
)

FIRES = (synthetic("a heuristic succeeds", reward_occurrence=0.0, reward_reached=0.75),)
SILENT = (
    synthetic("nobody succeeds", reward_occurrence=0.0, reward_reached=0.0),
    synthetic("chance succeeds", reward_occurrence=0.3, reward_reached=1.0),
)
