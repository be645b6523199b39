"""CFG138 discount-extreme."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.run import synthetic


@rule("CFG138", severity="warning")
def discount_extreme(gamma: float, *, low: float = 0.8) -> list[Finding]:
    """The discount is far lower than any known setup for tasks of more than one step.

    Looks at
    The setting: above zero, and below `low`.

    Why it matters
    At 0.8 what is paid ten steps later counts a tenth, at 0.5 a thousandth: the agent cannot want what takes longer.

    When it is wrong
    Where every action shows its whole effect within a step or two; zero, which says so, is left alone.

    What to do
    Take the time an action needs to pay as the horizon, 1 / (1 - gamma): 0.99 is a hundred steps.

    References
    Andrychowicz et al. 2021 (0.95 to 0.999); Huang et al. 2022 (0.99).
    """
    if not 0.0 < gamma < low:
        return []
    return [Finding("The agent is blind to what comes in a few steps.", (given("gamma", gamma, "<", low),), REMEDIES)]


REMEDIES = (
    Remedy(
        "Raise the discount to ninety-nine hundredths",
        "a hundred steps is the horizon of most setups",
        verify="mean_ep_return rises, and explained_variance stays above zero",
        change={"gamma": "0.99"},
    ),
)

FIRES = (synthetic("two steps ahead", gamma=0.5), synthetic("five steps ahead", gamma=0.79))
SILENT = (synthetic("usual", gamma=0.99), synthetic("short", gamma=0.9), synthetic("a bandit, on purpose", gamma=0.0))
