"""ENV121 outcome-fixed."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, given, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import fixed, median, need
from ppo_doctor.run import Series, synthetic


@rule("ENV121", severity="warning")
def outcome_fixed(
    mean_ep_return: Series, random_return: float, random_return_std: float, *, least: int = 5
) -> list[Finding]:
    """Every episode is paid one and the same sum, whoever plays.

    Looks at
    The mean return of finished episodes against that of random play: one number in all of `least` updates or more, the
    same as random play's, whose episodes do not differ either; and not zero, so that something is paid.

    Why it matters
    The return is a constant of the environment. No policy is better than any other, so a run that stays where it was is
    right, and its entropy, its KL and its gradients say nothing.

    When it is wrong
    Random play of a few episodes may never meet the rare choice that pays differently.

    What to do
    Measure headroom and the influence of actions on the return. If there is none, change the task, not the learner.

    References
    Furuta et al. 2021, Policy Information Capacity: without differences in return nothing can be learnt.
    """
    need(mean_ep_return, int(least))
    if not fixed(mean_ep_return, random_return, random_return_std):
        return []
    evidence = (
        seen(mean_ep_return, median(mean_ep_return), "always"),
        given("random_return", random_return),
        given("random_return_std", random_return_std),
    )
    return [Finding("The return is a constant of the environment.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Measure whether any policy earns another return",
        "without headroom there is nothing to learn",
        confirm="headroom",
        verify="headroom grows",
    ),
    Remedy(
        "Test whether actions change the next state, the reward and the return",
        "ignored actions make all policies alike",
        confirm="action_influence",
    ),
)

FIRES = (synthetic("a fixed toll", mean_ep_return=[-5.0] * 8, random_return=-5.0, random_return_std=0.0),)
SILENT = (
    synthetic("episodes differ", mean_ep_return=[-5.0] * 8, random_return=-5.0, random_return_std=1.0),
    synthetic("better than random", mean_ep_return=[3.0] * 8, random_return=-5.0, random_return_std=0.0),
    synthetic("never paid", mean_ep_return=[0.0] * 8, random_return=0.0, random_return_std=0.0),
)
