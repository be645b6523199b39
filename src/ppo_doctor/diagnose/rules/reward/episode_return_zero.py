"""REW126 episode-return-zero."""

from __future__ import annotations

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import need, spent
from ppo_doctor.run import Series, synthetic


@rule("REW126", severity="info")
def episode_return_zero(
    mean_ep_return: Series, total_steps: float | None = None, *, share: float = 0.9, least: int = 8, budget: float = 0.1
) -> list[Finding]:
    """Almost no update has seen an episode that was paid anything.

    Looks at
    The return of training episodes: exactly zero in more than `share` of at least `least` points, with `budget` of the
    planned steps gone.

    Why it matters
    A sum that is exactly zero is a reward that is never given, rather than gains and losses that cancel. Without one
    there is no direction to learn.

    When it is wrong
    A game of equals that ends in draws. A cost that the policy has learnt to avoid: then it was not zero at the start.

    What to do
    See whether random play is ever paid. If not: shape the reward, or start nearer to the goal.

    References
    Schulman 2016, Nuts and Bolts: if a random policy never does it, learning will not either.
    """
    need(mean_ep_return, int(least), "points")
    spent(mean_ep_return, total_steps, budget)
    zero = mean_ep_return.value == 0.0
    if zero.mean() <= share:
        return []
    evidence = seen(mean_ep_return, float(zero.mean()), "share of points at zero", ">", share, hits=zero)
    return [Finding("Nothing is ever paid.", (evidence,), REMEDIES)]


REMEDIES = (
    Remedy(
        "Count how often random play is paid",
        "never: the reward is missing or out of reach; now and then: it is lost on the way to the log",
        confirm="reward_occurrence",
        verify="mean_ep_return differs from zero",
    ),
)

FIRES = (synthetic("never paid", mean_ep_return=[0.0] * 12),)
SILENT = (
    synthetic("now and then", mean_ep_return=[0.0, 0.0, 0.1, 0.0] * 3),
    synthetic("a cost avoided", mean_ep_return=[-2.0, -1.0, -0.5, -0.1] + [0.0] * 8),
)
