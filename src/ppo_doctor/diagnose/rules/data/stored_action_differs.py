"""DAT106 stored-action-differs."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("DAT106", severity="critical")
def stored_action_differs(stored_action_error: float, *, limit: float = 0.0) -> list[Finding]:
    """The learner is trained on actions that were not executed.

    Looks at
    The probe's share of rows whose stored action is not the one the environment executed, above `limit`. An action
    clipped or rescaled inside the environment is the environment's own business and does not count.

    Why it matters
    Reward and next state belong to another action: credit goes to the wrong one. A vote of several agents that
    overrides each of them, and a filter for safety, do this silently.

    When it is wrong
    Never, if the comparison is made where the action enters the environment.

    What to do
    Store what was sampled *and* execute what was sampled; move clipping, votes and filters into the environment.

    References
    Fujita & Maeda 2018, Clipped Action Policy Gradient; Huang et al. 2022, details of continuous actions.
    """
    if stored_action_error <= limit:
        return []
    meaning = "Rewards are credited to actions that were never taken."
    return [Finding(meaning, (given("stored_action_error", stored_action_error, ">", limit),), REMEDIES)]


REMEDIES = (
    Remedy(
        "Store the sampled action and its log-probability; let the environment clip, vote or filter",
        "the policy gradient is that of the action as sampled",
        confirm="stored_actions",
        verify="stored_action_error is zero and first_ratio_error is float error",
    ),
)

FIRES = (synthetic("a vote overrides", stored_action_error=0.4), synthetic("rarely", stored_action_error=0.001))
SILENT = (synthetic("as executed", stored_action_error=0.0), synthetic("several agents", stored_action_error=0.0, n_agents=3))
