"""ENV133 one-step-episodes."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("ENV133", severity="critical")
def one_step_episodes(
    segment_length: float, action_influence_state: float, *, limit: float = 1.05, acts: float = 0.01
) -> list[Finding]:
    """The environment ends every episode after one step, although actions change what comes next.

    Looks at
    The probe's mean length of episodes of random play, at or below `limit` steps, and the share of states in which two
    legal actions lead to different next observations, above `acts`. In a bandit the next observation is none of the
    action's business.

    Why it matters
    What an action leads to is shown and then cut off: no learner can learn a consequence that lies after the end.

    When it is wrong
    A task that really is one decision, and shows its result afterwards.

    What to do
    Print the end flags of ten steps, and read who sets them: the order of the returned tuple, a limit of one step.

    References
    Gymnasium's step interface: terminated and truncated are two flags. Sutton & Barto 2018, chapter 2 against 3.
    """
    if segment_length > limit or action_influence_state <= acts:
        return []
    evidence = (
        given("segment_length", segment_length, "<=", limit),
        given("action_influence_state", action_influence_state, ">", acts),
    )
    return [Finding("Decisions have consequences, and the episode ends before them.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Return the end flag only when the task is over",
        "what comes after an end is never credited",
        confirm="episode_ends",
        verify="segment_length is the length of an episode",
    ),
)

FIRES = (synthetic("cut after one step", segment_length=1.0, action_influence_state=1.0),)
SILENT = (
    synthetic("a bandit by nature", segment_length=1.0, action_influence_state=0.0),
    synthetic("episodes of two steps", segment_length=2.0, action_influence_state=1.0),
)
