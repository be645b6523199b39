"""REW122 cost-is-paid."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import median, need
from ppo_doctor.run import Series, synthetic

COSTS = frozenset(
    {"cost", "costs", "penalty", "penalties", "slowdown", "delay", "latency", "wait", "waiting", "tardiness"}
    | {"lateness", "effort", "fuel", "error", "regret", "collision", "collisions", "violation", "violations"}
    | {"overload", "imbalance", "jerk"}
)
"""Words for what an agent should have little of. Not distance, energy, speed or time, of which some tasks want much."""


@rule("REW122", severity="critical")
def cost_is_paid(reward_term: dict[str, Series], *, least: int = 5) -> list[Finding]:
    """A term of the reward that is called a cost is paid out.

    Looks at
    The terms whose names hold a word for what should be little (cost, penalty, delay, slowdown, effort, error and the
    like): such a term is positive in all of `least` updates or more.

    Why it matters
    The agent then seeks what it should avoid, and learns that well: its return rises, and no other signal can tell.

    When it is wrong
    A term that is named after a cost and already turned into a gain (one over the delay, or what of it was saved).

    What to do
    Compute the reward of a step that is plainly good and of one that is plainly bad, by hand.

    References
    Amodei et al. 2016, Concrete Problems in AI Safety, on reward specification.
    """
    found = []
    for name, paid in reward_term.items():
        words = name.lower().replace("-", "_").replace(" ", "_").split("_")
        if COSTS.isdisjoint(words):
            continue
        need(paid, int(least))
        if (paid.value > 0.0).all():
            found.append(seen(paid, median(paid), "median", ">", 0.0))
    if not found:
        return []
    return [Finding("What is named a cost raises the reward.", tuple(found), REMEDIES)]


REMEDIES = (
    Remedy(
        "Correct the sign of that term",
        "the agent is paid for the opposite of what its name says",
        confirm="reward_terms",
        verify="the term is at or below zero, and the metric it stands for falls",
    ),
)

FIRES = (synthetic("paid for delay", reward_term={"delay_cost": [0.5, 2.0, 4.0] * 4}),)
SILENT = (
    synthetic("charged", reward_term={"delay_cost": [-0.5] * 12}),
    synthetic("no cost by name", reward_term={"distance": [0.5] * 12, "alive": [1.0] * 12}),
    synthetic("never incurred", reward_term={"collision": [0.0] * 12}),
)
