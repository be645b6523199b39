"""DAT109 every-step-terminal."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given, seen
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.diagnose.series import median, need, stalled
from ppo_doctor.run import Series, synthetic


@rule(
    "DAT109",
    severity="critical",
    instead={"mean_segment_length": ("mean_ep_length",), "eval_mean_return": ("mean_ep_return",)},
)
def every_step_terminal(
    mean_segment_length: Series,
    mean_ep_length: Series | None = None,
    action_influence_state: float | None = None,
    n_steps: float | None = None,
    eval_mean_return: Series | None = None,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    *,
    limit: float = 1.05,
    acts: float = 0.01,
    least: int = 3,
) -> list[Finding]:
    """Every step ends its episode, in a task that is more than one decision.

    Looks at
    The median length of the uninterrupted pieces of the rollout (of the episodes, if only that is recorded), at or
    below `limit` steps, over `least` updates; and whether there was more to come: the environment's own episodes are
    longer, or (by the probe) actions change what is seen next, in more than the share `acts` of the states. If neither
    is recorded, a return that is stuck stands in. Long episodes alone acquit nobody.

    Why it matters
    Return, one-step target, Monte Carlo return and advantage plus value are then all the same number, the reward: no
    choice of estimator, lambda or discount changes anything, and nothing is learnt about consequences.

    When it is wrong
    A task that really is one decision, and shows its result later. Without the probe, one stuck for another reason.

    What to do
    If decisions should have consequences, see who sets the end: a wrapper, a batch that was taken for an episode, or a
    limit of one step.

    References
    Sutton & Barto 2018, chapter 2 against chapter 3.
    """
    need(mean_segment_length, int(least))
    length, stored = median(mean_segment_length), mean_segment_length.name == "mean_segment_length"
    if length > limit:
        if not stored:
            raise Undecided("episodes are longer, but the ends that the learner is given were not recorded")
        return []
    if stored and n_steps is not None and n_steps <= limit:
        raise Undecided("a rollout is one step long, so that it cuts every piece to one, whatever ends it")
    short = seen(mean_segment_length, length, "median", "<=", limit, hits=mean_segment_length.value <= limit)
    reference = (random_return, best_baseline_return, random_return_std)
    if mean_ep_length is not None and len(mean_ep_length) and median(mean_ep_length) > limit:
        goes_on = seen(mean_ep_length, median(mean_ep_length), "median", ">", limit)
    elif action_influence_state is not None and action_influence_state <= acts:
        return []
    elif action_influence_state is not None:
        goes_on = given("action_influence_state", action_influence_state, ">", acts)
    elif (come := stalled("every step ends its episode", eval_mean_return, *reference)) is not None:
        goes_on = come.evidence
    else:
        raise Undecided("episodes are single steps, and the return rose: so does a task of one decision")
    return [Finding("The learner sees a bandit: single decisions without consequences.", (short, goes_on), REMEDIES)]


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

_STUCK = [0.4, 0.41, 0.39, 0.4] * 2
FIRES = (
    synthetic("all stored as ends", mean_segment_length=[1.0] * 6, mean_ep_length=[20.0] * 6),
    synthetic("the state goes on", mean_segment_length=[1.0] * 6, action_influence_state=1.0),
    synthetic("stuck, as far as the log tells", mean_ep_length=[1.0] * 8, mean_ep_return=_STUCK),
)
SILENT = (
    synthetic("short episodes", mean_segment_length=[2.0, 1.9, 2.1] * 2, terminated_frac=[0.5] * 6),
    synthetic("long pieces", mean_segment_length=[20.0] * 6, mean_ep_length=[20.0] * 6),
    synthetic("a bandit by nature", mean_segment_length=[1.0] * 6, action_influence_state=0.0),
)
