"""REW150 step-pay-huge."""

from __future__ import annotations

import numpy as np

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import aligned, need
from ppo_doctor.run import Series, synthetic


@rule("REW150", severity="info")
def step_pay_huge(
    mean_ep_return: Series, mean_ep_length: Series, *, limit: float = 200.0, share: float = 0.5, least: int = 5
) -> list[Finding]:
    """A step is paid hundreds on average.

    Looks at
    The size of the mean return over the mean length of the training episodes, above `limit` in more than `share` of
    `least` updates or more.

    Why it matters
    Networks start near zero and move by about the learning rate a step. Rewards of hundreds are units that nobody
    scaled (bytes, microseconds, money), or a simulator that blew up; either way few terms decide everything.

    When it is wrong
    If rewards or targets are normalised on the way to the learner, their size does no harm by itself.

    What to do
    Print the rewards of one rollout, by term: are they meant to be of that size?

    References
    Henderson et al. 2018, on reward scale; van Hasselt et al. 2016.
    """
    paid, length = aligned(mean_ep_return, mean_ep_length)
    need(paid, int(least))
    pay = np.abs(paid.value) / np.maximum(length.value, 1.0)
    if (pay > limit).mean() <= share:
        return []
    evidence = seen(paid, float(np.median(pay)), "median over the length", ">", limit, hits=pay > limit)
    return [Finding("Rewards are of no scale that a network starts from.", (evidence,), REMEDIES)]


REMEDIES = (
    Remedy(
        "Print the largest rewards with the states that earned them",
        "a state that is far out of its range tells a simulator that diverges from a unit that is unscaled",
        verify="pay per step is of order one",
        change={"normalize_reward": "true"},
    ),
)

FIRES = (synthetic("unscaled", mean_ep_return=[-2e5, -1e5, -3e5, -2e5] * 2, mean_ep_length=[100.0] * 8),)
SILENT = (
    synthetic("ordinary", mean_ep_return=[-1500.0, -900.0, -400.0, -200.0] * 2, mean_ep_length=[200.0] * 8),
    synthetic("long episodes", mean_ep_return=[2e4] * 8, mean_ep_length=[1000.0] * 8),
)
