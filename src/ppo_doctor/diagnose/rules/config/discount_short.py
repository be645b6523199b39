"""CFG111 discount-short."""

from __future__ import annotations

from typing import Any

from ppo_doctor.diagnose.finding import Evidence, Finding, Remedy, given, seen
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.diagnose.series import median, need, progress
from ppo_doctor.run import Series, synthetic


@rule("CFG111", severity="warning", instead={"eval_mean_return": ("mean_ep_return",)})
def discount_short(
    gamma: float,
    mean_ep_length: Series,
    eval_mean_return: Series | None = None,
    random_return: float | None = None,
    best_baseline_return: float | None = None,
    random_return_std: float | None = None,
    action_influence_state: float | None = None,
    credit_delay: float | None = None,
    *,
    share: float = 0.1,
    blind: float = 2.0,
    least: int = 6,
) -> list[Finding]:
    """The discount ends the agent's horizon before what it does has paid.

    Looks at
    The horizon, one over one minus `gamma`, below the probe's delay from an action to half of its effect, on a run that
    neither learns nor stands at the best baseline over `least` points; a return that rises, but lies below random play,
    is no excuse. Without the probe: below `share` of the median episode length (and below the length itself by a step
    at least), undecided unless the horizon is at most `blind` steps. Below that a policy sees its own next reward and
    hardly anything else: it is judged without the return, since it falls short even where it learns.

    Why it matters
    What an action brings after the horizon does not count. If that is where the reward lies, nothing can be learnt.

    When it is wrong
    Where effects are quick, a short horizon is right, and quicker to learn: without the probe only its length speaks.
    The probe plays at random, and play that has learnt may be paid later.

    What to do
    Make the horizon as long as the delay from action to reward.

    References
    Schulman 2016: think of one over one minus gamma as the horizon; muPRL lists the discount among the
    commonest faults.
    """
    need(mean_ep_length, int(least), "points")
    horizon = 1.0 / (1.0 - gamma) if gamma < 1.0 else float("inf")
    length = median(mean_ep_length)
    if horizon >= length or length < 2.0 or action_influence_state == 0.0:
        return []
    if credit_delay is not None and horizon >= credit_delay:
        return []
    if credit_delay is None and horizon >= share * length:
        return []
    short = (given("gamma", gamma), _delay(mean_ep_length, length, credit_delay, horizon / share, horizon))
    if horizon < blind:
        return [Finding("The agent sees its next reward and hardly anything else.", short, REMEDIES)]
    if eval_mean_return is None:
        raise Undecided("the horizon is short, but no return was recorded: on a run that learns that is harmless")
    come = progress(eval_mean_return, random_return, best_baseline_return, random_return_std)
    sunk = random_return is not None and come.level < random_return
    if come.at_par or come.learnt or (come.rising and not sunk):
        return []
    if credit_delay is None and horizon > blind:
        raise Undecided("the horizon is short for the episode, but not necessarily for its rewards: probe credit_delay")
    return [Finding("The agent is too short-sighted for its task.", (*short, come.evidence), REMEDIES)]


def _delay(lengths: Series, length: float, delay: float | None, long: float, horizon: float) -> Evidence:
    """What the horizon falls short of: the measured delay, else the length of an episode."""
    return seen(lengths, length, "median", ">", long) if delay is None else given("credit_delay", delay, ">", horizon)


REMEDIES = (
    Remedy(
        "Make the horizon as long as the delay from action to reward",
        "credit beyond it is lost",
        confirm="credit_delay",
        verify="the return rises",
        change={"gamma": "0.99"},
    ),
)

_LONG: Any = {"mean_ep_length": [200.0] * 12, "eval_mean_return": [10.0, 11.0, 9.0, 10.0] * 3}
FIRES = (
    synthetic("no future", gamma=0.0, **_LONG),
    synthetic("two steps ahead", gamma=0.5, **_LONG),
    synthetic("it pays after the horizon", gamma=0.9, credit_delay=25.0, **_LONG),
)
SILENT = (
    synthetic("long enough", gamma=0.99, **_LONG),
    synthetic("a bandit", gamma=0.0, action_influence_state=0.0, **_LONG),
    synthetic("it pays at once", gamma=0.9, credit_delay=3.0, **_LONG),
)
