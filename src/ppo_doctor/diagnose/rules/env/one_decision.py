"""ENV150 one-decision."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.diagnose.series import median, need, stalled
from ppo_doctor.run import Series, synthetic


@rule("ENV150", severity="info")
def one_decision(
    mean_ep_length: Series, mean_ep_return: Series | None = None, *, limit: float = 1.05, least: int = 3
) -> list[Finding]:
    """Every episode of the log is a single step.

    Looks at
    The median length of the training episodes, at or below `limit` steps, over `least` updates. A return that is stuck
    leaves it undecided: that is for `every-step-terminal` to judge.

    Why it matters
    Nearly every task for which PPO is chosen has consequences beyond the step. A log whose episodes are single
    decisions is either one of a contextual bandit, or of an environment that ends too soon; a log cannot say which.

    When it is wrong
    If the task is one decision, nothing is wrong.

    What to do
    Say how long an episode should be. If it is longer than a step, see who ends it.

    References
    Sutton & Barto 2018, chapter 2 against chapter 3.
    """
    need(mean_ep_length, int(least))
    if median(mean_ep_length) > limit:
        return []
    if mean_ep_return is not None and stalled("episodes are single steps", mean_ep_return) is not None:
        raise Undecided("episodes are single steps, and the return is stuck: every-step-terminal says more")
    short = seen(mean_ep_length, median(mean_ep_length), "median", "<=", limit, hits=mean_ep_length.value <= limit)
    return [Finding("Episodes are single decisions.", (short,), REMEDIES)]


REMEDIES = (
    Remedy(
        "Step the environment by hand until it ends, and compare with what you expect",
        "a wrapper, a time limit of one or a batch taken for an episode all end it at once",
        confirm="episode_ends",
    ),
)

FIRES = (synthetic("single steps", mean_ep_length=[1.0] * 6),)
SILENT = (
    synthetic("two steps", mean_ep_length=[2.0] * 6),
    synthetic("many", mean_ep_length=[200.0] * 6),
)
