"""ENV102 action-ignored."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.diagnose.series import predetermined
from ppo_doctor.run import Series, synthetic


@rule("ENV102", severity="critical")
def action_ignored(
    action_influence_state: float,
    action_influence_reward: float | None = None,
    action_influence_return: float | None = None,
    mean_ep_return: Series | None = None,
    random_return: float | None = None,
    random_return_std: float | None = None,
    *,
    limit: float = 0.01,
) -> list[Finding]:
    """What the agent does changes nothing.

    Looks at
    The probe's share of states in which two legal actions, under the same random numbers, lead to different next
    observations or rewards: both at or below `limit`. Undecided where all episodes of a run and of random play are paid
    one and the same sum: actions that are ignored and actions that make no difference by design then look alike.

    Why it matters
    No learner can improve on a choice that has no effect. Every curve will look like a hard problem.

    When it is wrong
    If the effect shows later than one step and not in the observation: then the influence on the return shows it, and
    the rule is undecided without that probe and clean with it.

    What to do
    Follow one action from the policy into the environment: is the parameter read, clamped, delayed, overridden?

    References
    Seitzer et al. 2021, Causal Influence Detection for Improving Efficiency in Reinforcement Learning.
    """
    shown = {"action_influence_state": action_influence_state, "action_influence_reward": action_influence_reward}
    if any(value is not None and value > limit for value in shown.values()):
        return []
    if action_influence_return is not None and action_influence_return > limit:
        return []
    if action_influence_reward is None and action_influence_return is None:
        raise Undecided("actions do not change the next observation; reward and return were not probed")
    if mean_ep_return is not None:
        predetermined(mean_ep_return, random_return, random_return_std)
    evidence = tuple(given(name, value, "<=", limit) for name, value in shown.items() if value is not None)
    return [Finding("The environment does the same whatever the agent does.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Find where the action is lost on its way into the environment",
        "a parameter that is never read, an index that is clamped, or a default that overrides it are the usual places",
        confirm="action_influence",
        verify="action_influence_state is positive",
    ),
    Remedy(
        "Mask actions that are aliases of each other",
        "many indices with one outcome leave the policy nothing to choose from",
        confirm="mask_consistency",
    ),
)

FIRES = (
    synthetic("parameter never read", action_influence_state=0, action_influence_reward=0, action_influence_return=0),
)
SILENT = (
    synthetic("a bandit", action_influence_state=0, action_influence_reward=0.8),
    synthetic("a maze", action_influence_state=0.9, action_influence_reward=0.01),
    synthetic("a late effect", action_influence_state=0, action_influence_reward=0, action_influence_return=0.3),
)
