"""ENV132 effects-unseen."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("ENV132", severity="critical")
def effects_unseen(
    action_influence_state: float,
    action_influence_reward: float,
    action_influence_return: float,
    *,
    none: float = 0.01,
    some: float = 0.05,
) -> list[Finding]:
    """Actions decide what is earned later, but change nothing that is seen or paid at once.

    Looks at
    The probe's shares of states in which two legal actions lead to different next observations, and to different
    rewards: both at or below `none`, while actions decide more than `some` of the return's spread.

    Why it matters
    If the return differs later, the state did change now. What changed is not in the observation: neither policy nor
    critic can follow it, and added noise could not hide it so completely.

    When it is wrong
    Where the effect of an action shows two steps later by the nature of the task, as of a message under way.

    What to do
    Find what the action changes, and put it into the observation.

    References
    Singh et al. 1994, Learning without State-Estimation in Partially Observable Markovian Decision Processes.
    """
    if max(action_influence_state, action_influence_reward) > none or action_influence_return <= some:
        return []
    evidence = (
        given("action_influence_state", action_influence_state, "<=", none),
        given("action_influence_reward", action_influence_reward, "<=", none),
        given("action_influence_return", action_influence_return, ">", some),
    )
    return [Finding("The agent is not shown what it does.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Put what the action changes into the observation",
        "what cannot be seen cannot be steered",
        confirm="action_influence",
        verify="action_influence_state rises",
    ),
)

FIRES = (synthetic("hidden", action_influence_state=0.0, action_influence_reward=0.0, action_influence_return=0.9),)
SILENT = (
    synthetic("seen", action_influence_state=1.0, action_influence_reward=0.0, action_influence_return=0.9),
    synthetic("paid at once", action_influence_state=0.0, action_influence_reward=0.9, action_influence_return=0.9),
    synthetic("nothing to see", action_influence_state=0.0, action_influence_reward=0.0, action_influence_return=0.0),
)
