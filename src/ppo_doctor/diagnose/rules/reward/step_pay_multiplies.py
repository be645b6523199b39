"""REW151 step-pay-multiplies."""

from __future__ import annotations

import numpy as np

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import ROBUST, aligned, need
from ppo_doctor.run import Series, synthetic


@rule("REW151", severity="info")
def step_pay_multiplies(
    mean_ep_return: Series, mean_ep_length: Series, *, factor: float = 15.0, first: int = 3, least: int = 10
) -> list[Finding]:
    """A step is paid many times what it was paid at the start, and was well paid then.

    Looks at
    The pay per step (return over length of the training episodes): positive in the first `first` updates by more than
    twice their scatter, and the median of the last quarter larger than theirs by `factor`. Needs `least` updates.

    Why it matters
    Gains have a ceiling, losses have none. A random policy that is paid already, and a trained one that is paid many
    times as much for each step, is the picture of a cost with its sign turned, or of a bonus that can be farmed.

    When it is wrong
    Tasks whose pay grows with a skill, such as speed, from little to much.

    What to do
    Look at an episode of the end: is it what was wanted?

    References
    Amodei et al. 2016, Concrete Problems in AI Safety; Krakovna et al. 2020, on specification gaming.
    """
    paid, length = aligned(mean_ep_return, mean_ep_length)
    need(paid, int(least))
    pay = paid.value / np.maximum(length.value, 1.0)
    start, late = pay[: int(first)], float(np.median(pay[-max(len(pay) // 4, 3) :]))
    level = float(np.median(start))
    scatter = ROBUST * float(np.median(np.abs(start - level)))
    if level <= 2.0 * scatter or start.min() <= 0.0 or late <= factor * level:
        return []
    evidence = seen(paid, late / level, "pay per step, last quarter over start", ">", factor)
    return [Finding("What is learnt pays without bound.", (evidence,), REMEDIES)]


REMEDIES = (
    Remedy(
        "Watch an episode of the end, and read its rewards term by term",
        "a cost that is paid out, or a loop that is paid each time round, is seen at once",
        confirm="reward_terms",
        verify="the best episodes of the log are good ones",
    ),
)

FIRES = (
    synthetic("a cost is paid", mean_ep_return=[270.0, 280.0, 260.0] + [17_000.0] * 9, mean_ep_length=[100.0] * 12),
)
SILENT = (
    synthetic("survives longer", mean_ep_return=[20.0] * 3 + [400.0] * 9, mean_ep_length=[20.0] * 3 + [400.0] * 9),
    synthetic("a cost shrinks", mean_ep_return=[-270.0] * 3 + [-9.0] * 9, mean_ep_length=[100.0] * 12),
)
