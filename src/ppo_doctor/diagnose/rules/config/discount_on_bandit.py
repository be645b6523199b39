"""CFG112 discount-on-bandit."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import median
from ppo_doctor.run import Series, synthetic


@rule("CFG112", severity="warning")
def discount_on_bandit(
    gamma: float,
    action_influence_state: float,
    action_influence_reward: float,
    mean_ep_length: Series | None = None,
    *,
    limit: float = 0.01,
    discount: float = 0.5,
) -> list[Finding]:
    """Actions have no consequences beyond their own reward, but the return adds up the future.

    Looks at
    The probe's influence of actions on the next observation, at or below `limit`, and on the reward, above it, while
    `gamma` exceeds `discount`. Episodes of one step (by their median length, if recorded) have no future to add up.

    Why it matters
    Everything after the first reward is noise that has nothing to do with the action: with a discount near one it is
    hundreds of times the signal. The critic cannot explain it, and no estimator helps; the horizon must go.

    When it is wrong
    If the effect of an action on the state is hidden from the observation, the future does matter.

    What to do
    Set the discount to zero, or end the episode after each decision.

    References
    Sutton & Barto 2018, section 2.9 (contextual bandits).
    """
    if action_influence_state > limit or action_influence_reward <= limit or gamma <= discount:
        return []
    if mean_ep_length is not None and len(mean_ep_length) and median(mean_ep_length) < 2.0:
        return []
    evidence = (
        given("gamma", gamma, ">", discount),
        given("action_influence_state", action_influence_state, "<=", limit),
        given("action_influence_reward", action_influence_reward, ">", limit),
    )
    return [Finding("This is a bandit: the return adds noise to each reward.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Set the discount to zero",
        "the advantage is then the reward less what was expected of it",
        confirm="action_influence",
        verify="explained_variance and half_batch_cosine rise at once",
        change={"gamma": "0"},
    ),
)

FIRES = (synthetic("independent events in a row", gamma=0.99, action_influence_state=0.0, action_influence_reward=0.9),)
SILENT = (
    synthetic(
        "one step an episode",
        gamma=0.99,
        action_influence_state=0.0,
        action_influence_reward=0.9,
        mean_ep_length=[1.0] * 3,
    ),
    synthetic("no discount", gamma=0.0, action_influence_state=0.0, action_influence_reward=0.9),
    synthetic("actions move the state", gamma=0.99, action_influence_state=0.9, action_influence_reward=0.9),
)
