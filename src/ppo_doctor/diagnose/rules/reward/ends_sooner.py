"""REW152 ends-sooner."""

from __future__ import annotations

import numpy as np

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import aligned, falls, need
from ppo_doctor.run import Series, synthetic


@rule("REW152", severity="info")
def ends_sooner(
    mean_ep_return: Series,
    mean_ep_length: Series,
    *,
    shorter: float = 0.7,
    same: float = 0.1,
    first: int = 3,
    least: int = 10,
) -> list[Finding]:
    """The return rises only because episodes end sooner; each step costs what it cost before.

    Looks at
    Episodes of the last quarter shorter than `shorter` of those of the first `first` updates, and shorter and shorter
    by Mann-Kendall; a pay per step (return over length) that is negative throughout and differs by less than the share
    `same` between the two. Needs `least` updates.

    Why it matters
    Where every step costs, ending is the only way to earn. That is right for a goal to be reached fast, and wrong for
    all that should be kept up: a pole, a service, a walk. There it means that a reward was given the sign of a cost.

    When it is wrong
    With a cost of time until a goal is reached, it is what learning looks like.

    What to do
    See how the last episodes end: at the goal, or in a failure?

    References
    Amodei et al. 2016, Concrete Problems in AI Safety; Pardo et al. 2018.
    """
    paid, length = aligned(mean_ep_return, mean_ep_length)
    need(paid, int(least))
    late = np.arange(len(paid)) >= len(paid) - max(len(paid) // 4, 3)
    pay = paid.value / np.maximum(length.value, 1.0)
    before, after = float(np.median(pay[: int(first)])), float(np.median(pay[late]))
    began, ends = float(np.median(length.value[: int(first)])), float(np.median(length.value[late]))
    if pay.max() >= 0.0 or ends >= shorter * began or not falls(length) or abs(after - before) > same * abs(before):
        return []
    evidence = (
        seen(length, ends, "median of the last quarter", "<", shorter * began, hits=late),
        seen(paid, after, "pay per step, median of the last quarter", "<", 0.0, hits=late),
    )
    return [Finding("What is learnt is to end the episode.", evidence, REMEDIES)]


REMEDIES = (
    Remedy(
        "Watch how the last episodes end",
        "at the goal, all is well; in a failure, the reward has the wrong sign or lacks the price of failing",
        confirm="reward_terms",
        verify="episodes end as they should",
    ),
)

_SHORTER = [20.0, 20.5, 19.5, 18.0, 16.0, 14.0, 12.0, 11.0, 10.0, 9.5, 9.2, 9.0]
FIRES = (synthetic("a pole that is dropped", mean_ep_return=[-x for x in _SHORTER], mean_ep_length=_SHORTER),)
SILENT = (
    synthetic("kept up", mean_ep_return=sorted(_SHORTER), mean_ep_length=sorted(_SHORTER)),
    synthetic("each step costs less", mean_ep_return=[-x * x / 20.0 for x in _SHORTER], mean_ep_length=_SHORTER),
)
