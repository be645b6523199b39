"""When does an action pay? Every legal action from the same state with the same random numbers, and random play on.

credit_delay: steps, the action's own included, within which half of the action's effect on the undiscounted return has
come. The effect of the first h steps is held against that of the whole rest: the slope of the one on the other, over
states and actions. Means over one half of the random streams are multiplied with means over the other half, so that
luck, which is not the same in both, adds nothing. A first effect that is taken back later counts as early.

Cost: nothing beyond the forks that other probes use.
Wrong when: play that has learnt lives longer than random play, and its actions pay later; the forks were cut.
Reference: Arjona-Medina et al. 2019, RUDDER (delayed reward); Jiang et al. 2015, on planning horizons.
"""

from __future__ import annotations

import numpy as np

from ppo_doctor.train.lab import Cannot, Lab
from ppo_doctor.train.probes import Found
from ppo_doctor.train.world import SPANS

CLEAR = 3.0
"""Standard errors that the variance of the effect must lie above nothing."""


def measure(lab: Lab) -> Found:
    """The delay. Raises `Cannot` where actions have no clear effect on the return."""
    rows = lab.several
    first, second = halves(lab, lab.forks.returns, rows)
    power = (first * second).sum(axis=1)
    if not power.mean() > CLEAR * power.std(ddof=1) / len(power) ** 0.5:
        raise Cannot("actions have no clear effect on the return of random play")
    share = []
    for n in range(len(SPANS)):
        soon = halves(lab, lab.forks.soon[:, :, n], rows)
        share.append(float((soon[0] * second + soon[1] * first).sum(axis=1).mean() / (2.0 * power.mean())))
    spans = [*SPANS, max(lab.plan.horizon, SPANS[-1] + 1)]
    notes = (f"{rows.sum()} states with two legal actions, each played on for {lab.plan.horizon} steps at most",)
    return Found({"credit_delay": reached(spans, [*share, 1.0])}, notes)


def halves(lab: Lab, values: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean effects [n, actions] of the odd and of the even random streams, from values [n, branches]."""
    effect = lab.centred(lab.grid(values))[rows]
    return effect[:, ::2].mean(axis=1), effect[:, 1::2].mean(axis=1)


def reached(spans: list[int], share: list[float], level: float = 0.5) -> float:
    """Where `share` first reaches `level`, straight lines between the spans; before the first span there is nothing."""
    at = next(n for n, one in enumerate(share) if one >= level)
    if at == 0:
        return float(spans[0])
    rise = (level - share[at - 1]) / (share[at] - share[at - 1])
    return spans[at - 1] + rise * (spans[at] - spans[at - 1])
