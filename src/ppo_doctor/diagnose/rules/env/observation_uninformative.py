"""ENV111 observation-uninformative."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.run import synthetic


@rule("ENV111", severity="critical")
def observation_uninformative(
    observation_predicts_action: float,
    headroom: float | None = None,
    observation_predicts_return: float | None = None,
    action_influence_return: float | None = None,
    *,
    limit: float = 0.05,
    room: float = 0.5,
    decisive: float = 0.5,
) -> list[Finding]:
    """The observation does not tell which action is better.

    Looks at
    The probe's held-out gain of a supervised model on the best action, at or below `limit`, although `headroom` over
    random play is above `room` (standard deviations of random episodes). With no headroom nothing needs predicting,
    unless actions decide the return (`action_influence_return` above `decisive`): policies that see nothing find no
    headroom either, though it is there.

    Why it matters
    No learner can find what a supervised model with labels cannot: the information is not there. Features must change,
    not settings.

    When it is wrong
    If the best action depends on the past (then memory is missing, not features), or if one constant action is best:
    the gain over the most frequent action is then nil, and rightly so.

    What to do
    List what decides the best action, and see whether the observation holds it, per item where items are chosen.

    References
    Furuta et al. 2021, Policy Information Capacity; Cassandra et al. 1994 on hidden state.
    """
    if observation_predicts_action > limit:
        return []
    evidence = [given("observation_predicts_action", observation_predicts_action, "<=", limit)]
    if headroom is not None and headroom > room:
        evidence.append(given("headroom", headroom, ">", room))
    elif action_influence_return is not None and action_influence_return > decisive:
        evidence.append(given("action_influence_return", action_influence_return, ">", decisive))
    elif headroom is None:
        raise Undecided("the best action cannot be predicted, but headroom was not probed: it may not matter")
    else:
        return []
    if observation_predicts_return is not None:
        evidence.append(given("observation_predicts_return", observation_predicts_return))
    return [Finding("What decides is hidden from the agent.", tuple(evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Put into the observation what the best known policy looks at, per item where items are chosen",
        "averages hide which item is which",
        confirm="observability",
        verify="observation_predicts_action rises",
    ),
    Remedy(
        "Give the policy a memory, or a short history",
        "if the past decides, one observation cannot",
        confirm="observability",
    ),
)

FIRES = (
    synthetic("the label is hidden", observation_predicts_action=0.01, headroom=3.0, observation_predicts_return=0.02),
    synthetic("too blind to find headroom", observation_predicts_action=0.0, headroom=0.0, action_influence_return=0.9),
)
SILENT = (
    synthetic("visible", observation_predicts_action=0.6, headroom=3.0),
    synthetic("nothing to gain", observation_predicts_action=0.0, headroom=0.1),
)
