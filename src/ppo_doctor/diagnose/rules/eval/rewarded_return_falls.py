"""EVA116 rewarded-return-falls."""

from __future__ import annotations

import numpy as np

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import falls, median, need, progress, spread, tail
from ppo_doctor.run import Series, synthetic


@rule("EVA116", severity="info")
def rewarded_return_falls(
    mean_ep_return: Series,
    *,
    drop: float = 0.1,
    below: float = 0.95,
    noise: float = 4.0,
    undone: float = 3.0,
    least: int = 10,
) -> list[Finding]:
    """The very return that the learner is paid for falls below its start.

    Looks at
    The return of training episodes, `least` points of it. Its median in the last quarter lies below that of the first
    three points by more than the share `drop`, and a share of `below` of the last half does; and it fell at once, by
    `noise` times the spread of that half, or falls by Mann-Kendall (the scatter of a cost grows with it). A run that
    had risen first is another matter, and clean, unless it lost `undone` times what it had gained.

    Why it matters
    It separates two turned signs. A reward with the wrong sign is still climbed, and its logged return rises; a loss
    with the wrong sign, or actions and log-probabilities that do not belong together, lead downhill from the start.

    When it is wrong
    If episodes become harder as training goes on, or if the log shows another reward than the learner gets.

    What to do
    Take one gradient step on the policy term alone: do the log-probabilities of good actions rise?

    References
    Jones 2021, Debugging Reinforcement Learning Systems; Schulman et al. 2017, equation 7.
    """
    need(mean_ep_return, int(least), "points")
    half, first = tail(mean_ep_return, 0.5), float(np.median(mean_ep_return.value[:3]))
    late = tail(mean_ep_return)
    bar = first - drop * abs(first)
    if median(late) >= bar or (half.value < first).mean() < below:
        return []
    at_once = first - median(half) > noise * spread(half)
    if not (at_once or falls(mean_ep_return)) or 0.0 < progress(mean_ep_return).lost < undone:
        return []
    evidence = (
        seen(late, median(late), "median of the last quarter", "<", bar, hits=late.value < bar),
        seen(mean_ep_return, first, "median of the first three"),
    )
    return [Finding("Training unlearns its own reward.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Check the sign of the policy term by one step on it alone",
        "minus the surrogate is minimised, so that log-probabilities of positive advantages rise",
        verify="mean_ep_return no longer falls",
    ),
)

FIRES = (synthetic("downhill", mean_ep_return=[20.0, 20.5, 19.0, 17.0, 15.0, 13.0, 11.0, 10.0, 9.2, 9.1, 9.0, 9.0]),)
SILENT = (
    synthetic("uphill", mean_ep_return=[-20.0, -19.0, -17.0, -15.0, -12.0, -10.0, -9.5, -9.2, -9.0, -9.0, -8.9, -8.9]),
    synthetic("flat", mean_ep_return=[22.0, 21.0, 22.5, 21.5] * 3),
)
