"""REW111 constant-action-pays."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.run import synthetic


@rule("REW111", severity="warning")
def constant_action_pays(
    constant_action_return: float, best_baseline_return: float, random_return: float, *, share: float = 0.95
) -> list[Finding]:
    """Always doing the same is as good as anything known.

    Looks at
    The probe's return of the best constant policy: at or above `share` of the way from random play to the best
    baseline.

    Why it matters
    A policy that settles on one action is then right under this reward. "It only ever allows" is no failure to learn:
    the break-even posterior lies above anything the observation can support, or the reward pays for passivity.

    When it is wrong
    If the baselines are weak, everything is as good as they are.

    What to do
    Compute at which posterior the best action flips, and whether the observation ever gets there.

    References
    Elkan 2001, The Foundations of Cost-Sensitive Learning.
    """
    if best_baseline_return <= random_return:
        raise Undecided("no baseline beats random play: there is nothing to compare with")
    bar = random_return + share * (best_baseline_return - random_return)
    if constant_action_return < bar:
        return []
    evidence = (
        given("constant_action_return", constant_action_return, ">=", bar),
        given("best_baseline_return", best_baseline_return),
        given("random_return", random_return),
    )
    return [Finding("The reward asks for one action everywhere.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Compute the posterior at which the best action flips, and compare it with what the observation can support",
        "costs of errors decide that, not the learner",
        confirm="constant_actions",
    ),
    Remedy(
        "Show the agent what separates the cases, or change the costs",
        "only these two move the optimum away from a constant",
        confirm="observability",
    ),
)

_REFERENCES = {"best_baseline_return": 10, "random_return": -50}
FIRES = (
    synthetic("always allow", constant_action_return=9.5, **_REFERENCES),
    synthetic("above all", constant_action_return=12, **_REFERENCES),
)
SILENT = (
    synthetic("constants fail", constant_action_return=-40, **_REFERENCES),
    synthetic("half way", constant_action_return=-20, **_REFERENCES),
)
