"""DAT109 every-step-terminal."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import median, need
from ppo_doctor.run import Series, synthetic


@rule("DAT109", severity="warning", instead={"mean_segment_length": ("mean_ep_length",)})
def every_step_terminal(
    mean_segment_length: Series,
    terminated_frac: Series | None = None,
    gamma: float | None = None,
    *,
    limit: float = 1.05,
    least: int = 3,
) -> list[Finding]:
    """Every step ends its episode.

    Looks at
    The median length of the uninterrupted pieces of the rollout (of the episodes, if only that is recorded), at or
    below `limit` steps, over `least` updates.

    Why it matters
    Return, one-step target, Monte Carlo return and advantage plus value are then all the same number, the reward: no
    choice of estimator, lambda or discount changes anything, and nothing is learnt about consequences.

    When it is wrong
    A task that really is one decision (a bandit, a proposal) looks like this and may learn well.

    What to do
    If decisions should have consequences, see who sets the end: a wrapper, a batch that was taken for an episode, or a
    limit of one step.

    References
    Sutton & Barto 2018, chapter 2 against chapter 3.
    """
    need(mean_segment_length, int(least))
    if median(mean_segment_length) > limit:
        return []
    short = mean_segment_length.value <= limit
    evidence = [seen(mean_segment_length, median(mean_segment_length), "median", "<=", limit, hits=short)]
    if terminated_frac is not None and len(terminated_frac):
        evidence.append(seen(terminated_frac, median(terminated_frac), "median"))
    if gamma is not None:
        evidence.append(given("gamma", gamma))
    return [Finding("The learner sees a bandit: single decisions without consequences.", tuple(evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "See whether the environment means it: count its own ends against those stored",
        "a batch of samples marked as ended one by one is the usual cause",
        confirm="episode_ends",
        verify="mean_segment_length is the length of an episode",
    ),
    Remedy(
        "If it is a bandit, set the discount to zero and judge the critic by what the observation can tell",
        "no other estimator of the return can help",
        confirm="observability",
        change={"gamma": "0"},
    ),
)

FIRES = (
    synthetic("all ends", mean_segment_length=[1.0] * 6, terminated_frac=[1.0] * 6, gamma=0.99),
    synthetic("from the episodes' length", mean_ep_length=[1.0] * 6),
)
SILENT = (
    synthetic("short episodes", mean_segment_length=[2.0, 1.9, 2.1] * 2, terminated_frac=[0.5] * 6),
    synthetic("long episodes", mean_ep_length=[20.0] * 6),
)
