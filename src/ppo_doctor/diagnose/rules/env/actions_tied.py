"""ENV135 actions-tied."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.run import synthetic


@rule("ENV135", severity="warning")
def actions_tied(
    action_tied_frac: float | None = None, n_actions: float | None = None, *, limit: float = 0.05
) -> list[Finding]:
    """Different real actions do exactly the same.

    Looks at
    The probe's share of pairs of different actions of the declared range that lead to the very same observations,
    rewards and returns in most states, the random numbers being the same: above `limit`. Actions that are chosen from
    a list have no range.

    Why it matters
    The environment cuts actions to a narrower range than it declares. Most of what a policy samples then lies where the
    gradient is noise, and the useful range is a small part of its scale.

    When it is wrong
    Actuators with steps or a dead zone; actions of which a part is not read in most states.

    What to do
    Print what the environment makes of the ends of the range and of their halves. Declare what it uses.

    References
    Fujita & Maeda 2018, Clipped Action Policy Gradient; stable-baselines3 issue 389.
    """
    if action_tied_frac is None:
        if n_actions is None:
            raise Undecided("needs action_tied_frac, which the probe action_audit measures")
        return []
    if action_tied_frac <= limit:
        return []
    evidence = (given("action_tied_frac", action_tied_frac, ">", limit),)
    return [Finding("Part of the range of actions has no effect of its own.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Declare the range that the environment uses, or scale actions to it inside",
        "every action a policy can choose should differ from the others",
        confirm="action_audit",
        verify="action_tied_frac falls to zero",
    ),
)

FIRES = (synthetic("cut to a twentieth", action_tied_frac=0.43), synthetic("cut to a fifth", action_tied_frac=0.14))
SILENT = (
    synthetic("all differ", action_tied_frac=0.0),
    synthetic("one pair", action_tied_frac=0.036),
    synthetic("one of four", n_actions=4),
)
