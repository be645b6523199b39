"""ENV128 action-meaning-hidden."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("ENV128", severity="critical")
def action_meaning_hidden(
    observation_predicts_reward: float, action_influence_reward: float, *, limit: float = 0.05, acts: float = 0.05
) -> list[Finding]:
    """Actions differ in what they pay, but the observation does not tell which pays what.

    Looks at
    The probe's held-out R^2 for the immediate reward of an action, of what the action's index alone leaves open: at or
    below `limit`, while actions change the reward in more than the share `acts` of the states.

    Why it matters
    If action 3 means "the third task", and no feature describes the third task, its index is a lottery ticket. No
    learner can do better than the best index on average.

    When it is wrong
    If the immediate reward is noise and what counts comes later; if the relation is too fine for the probe's small
    model and number of states.

    What to do
    Show the agent, for every action, the features of what that action chooses.

    References
    Mao et al. 2016, Resource Management with Deep Reinforcement Learning (one slot of features a job).
    """
    if observation_predicts_reward > limit or action_influence_reward <= acts:
        return []
    evidence = (
        given("observation_predicts_reward", observation_predicts_reward, "<=", limit),
        given("action_influence_reward", action_influence_reward, ">", acts),
    )
    return [Finding("What an action stands for cannot be seen.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Add, for every action, the features of the thing it chooses, and score them with one shared network",
        "the index of an action then has a meaning",
        confirm="observability",
        verify="observation_predicts_reward rises",
    ),
)

FIRES = (synthetic("queue averages only", observation_predicts_reward=0.0, action_influence_reward=1.0),)
SILENT = (
    synthetic("a row a job", observation_predicts_reward=0.6, action_influence_reward=1.0),
    synthetic("paid later", observation_predicts_reward=0.0, action_influence_reward=0.0),
)
