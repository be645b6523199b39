"""REW118 constant-action-optimal."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("REW118", severity="warning")
def constant_action_optimal(
    posterior_reached: float,
    break_even_posterior: float,
    better_elsewhere_frac: float | None = None,
    constant_action_return: float | None = None,
    *,
    margin: float = 0.05,
) -> list[Finding]:
    """For what the agent can see, always doing the same is right.

    Looks at
    How often the best rival of the best single action is better where a supervised model thinks it likeliest
    (`posterior_reached`): below the probability from which it pays (`break_even_posterior`) by more than `margin`.

    Why it matters
    A policy that always takes one action is then the optimum, not a collapse. No setting of the learner, no estimator
    of returns and no exploration bonus will change it.

    When it is wrong
    If the probe's small model misses what a network would find, or the rival pays off later than the probe looks.

    What to do
    Show what decides (the observation), or change what a mistake costs (the reward). Only then train again.

    References
    Elkan 2001, The Foundations of Cost-Sensitive Learning.
    """
    if posterior_reached >= break_even_posterior - margin:
        return []
    evidence = [
        given("posterior_reached", posterior_reached, "<", break_even_posterior - margin),
        given("break_even_posterior", break_even_posterior),
    ]
    others = {"better_elsewhere_frac": better_elsewhere_frac, "constant_action_return": constant_action_return}
    evidence += [given(name, value) for name, value in others.items() if value is not None]
    meaning = "The observation never makes another action likely enough to pay: one action everywhere is optimal."
    return [Finding(meaning, tuple(evidence), REMEDIES)]


REMEDIES = (
    Remedy(
        "Add the features that tell the states apart in which the other action is better",
        "with them the probability passes the break-even point",
        confirm="observability",
        verify="posterior_reached passes break_even_posterior",
    ),
    Remedy(
        "Change the costs of the two mistakes, if they were guessed",
        "the break-even point is loss / (gain + loss)",
        confirm="constant_actions",
        verify="break_even_posterior falls",
    ),
)

FIRES = (synthetic("threats look like the rest", posterior_reached=0.164, break_even_posterior=0.362),)
SILENT = (
    synthetic("told apart", posterior_reached=0.95, break_even_posterior=0.362),
    synthetic("just enough", posterior_reached=0.36, break_even_posterior=0.362),
)
