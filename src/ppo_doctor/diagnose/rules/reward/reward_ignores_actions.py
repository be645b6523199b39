"""REW109 reward-ignores-actions."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.run import synthetic


@rule("REW109", severity="critical")
def reward_ignores_actions(
    action_influence_return: float,
    action_influence_state: float,
    reward_occurrence: float | None = None,
    *,
    limit: float = 0.05,
    acts: float = 0.01,
    paid: float = 0.02,
) -> list[Finding]:
    """Actions change the environment, but not what is paid for.

    Looks at
    The probe's share of the return's spread that random actions decide, the environment's random numbers being the
    same (`action_influence_return`, in standard deviations): at or below `limit`, while actions do change the next
    state (above `acts`). Undecided if random play is paid in no more than `paid` of its episodes: what was never seen
    has not been shown to ignore anything.

    Why it matters
    The sum that is optimised does not depend on what is decided: each order of the same work costs the same, or the
    reward is a property of the task. An influence on the next reward alone does not count: it may be paid back later.

    When it is wrong
    Where one action is worth little and only long sequences differ, the influence of a first action is small: then
    headroom between whole policies decides.

    What to do
    Write down the return of two opposite policies on the same seeds. If they agree, change the reward.

    References
    Mao et al. 2019, Variance Reduction for Reinforcement Learning in Input-Driven Environments.
    """
    if action_influence_return > limit or action_influence_state <= acts:
        return []
    if reward_occurrence is not None and reward_occurrence <= paid:
        raise Undecided("random play is hardly ever paid, so that the influence of actions on it was not seen")
    evidence = (
        given("action_influence_return", action_influence_return, "<=", limit),
        given("action_influence_state", action_influence_state, ">", acts),
    )
    return [Finding("The return is the same whatever is decided.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Compare opposite heuristics under the training reward, on the same seeds",
        "if they earn the same, so will every learner",
        confirm="headroom",
    ),
    Remedy(
        "Pay for what decisions change: completion times and order, not properties of the task",
        "a sum over a fixed set of tasks does not depend on their order",
        confirm="reward_terms",
        verify="action_influence_return rises",
    ),
)

FIRES = (synthetic("order-invariant", action_influence_return=0.01, action_influence_state=0.9),)
SILENT = (
    synthetic("decisions pay", action_influence_return=0.6, action_influence_state=0.9),
    synthetic("actions are ignored altogether", action_influence_return=0.0, action_influence_state=0.0),
)
