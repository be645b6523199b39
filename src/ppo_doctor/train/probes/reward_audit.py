"""Do rewards keep their order of size, and does none drown the others?

reward_clipped_frac: share of random play's rewards that lie exactly at the smallest or the largest reward ever seen
(that of the reference policy included, if there is one), where the rewards in between hardly ever repeat: a bound that
is no limit of what is measured collects what lies beyond it. A bound at 0 is one of nature, and left out; where
random play is paid nothing nearly always, nothing of it was clipped.
reward_tail: the farthest reward from the median, over the distance that one reward in a hundred exceeds, or over the
median's size if that is larger. Steps that end an episode are left out, if any others are there: prizes and fines at
the end are meant.

Cost: random play, forks and the reference's episodes, shared with other probes.
Wrong when: a cost has a natural smallest size that is not 0; rare prizes in the middle of an episode are meant.
Reference: van Hasselt et al. 2016, Learning Values Across Many Orders of Magnitude.
"""

from __future__ import annotations

import numpy as np

from ppo_doctor.errors import UserError
from ppo_doctor.train.lab import Cannot, Lab
from ppo_doctor.train.probes import Found

FEWEST = 5
"""Different rewards strictly between the bounds that make a continuum; and rewards at a bound that make a heap."""
FAINT = 0.01
"""Share of steps with a reward up to which a clip would not matter."""
REPEATED = 0.5
"""Least share of different values among these."""
LONG = 40.0
"""Units from the median beyond which a reward is no usual one: the limit of the rule `reward-tail-long`."""


def measure(lab: Lab) -> Found:
    """Share of clipped rewards, and the length of the tail; what cannot be told is left out."""
    play = lab.random
    paid = play.reward[play.alive]
    found: dict[str, float] = {}
    known = np.zeros(0) if lab.known is None else lab.known[np.isfinite(lab.known)]
    if (clipped := _clipped(paid, np.concatenate([paid, known]))) is not None:
        found["reward_clipped_frac"] = clipped
    if (tail := _tail(_usual(lab))) is not None:
        found["reward_tail"] = tail
    if not found:
        raise Cannot(f"{len(np.unique(paid))} different rewards in {len(paid)} steps: neither a bound nor a tail")
    return Found(found, (f"{len(np.unique(paid))} different rewards in {len(paid)} steps of random play",))


def _clipped(paid: np.ndarray, every: np.ndarray) -> float | None:
    """Share of `paid` at a bound of `every`; None where rewards are too few or repeat."""
    if (paid != 0.0).mean() < FAINT:
        return 0.0
    bounds = every.min(), every.max()
    inside = every[(every > bounds[0]) & (every < bounds[1])]
    different = len(np.unique(inside))
    if different < FEWEST or different < REPEATED * len(inside):
        return None
    heaps = [bound for bound in bounds if bound != 0.0 and (every == bound).sum() >= FEWEST]
    return float(np.isin(paid, heaps).mean())


def _usual(lab: Lab) -> np.ndarray:
    """Rewards of steps that end no episode, those of forks included; of all steps where every step is an end."""
    play = lab.random
    ends = play.terminated | play.truncated
    going = play.alive & ~ends
    chosen = going if going.any() else play.alive
    try:
        tried = lab.forks.reward[~lab.forks.ended if going.any() else np.ones_like(lab.forks.ended)]
    except (Cannot, UserError):
        tried = np.zeros(0)
    return np.concatenate([play.reward[chosen], tried])


def usual_range(lab: Lab) -> tuple[float, float]:
    """Bounds of what is usually paid: without end, unless rewards lie more than `LONG` units off."""
    middle, unit, farthest = _sizes(_usual(lab))
    return (middle - unit, middle + unit) if farthest > LONG * unit > 0.0 else (-np.inf, np.inf)


def _tail(paid: np.ndarray) -> float | None:
    """Distance of the farthest from the median in units of a large usual one; None where all usual ones are 0."""
    _, unit, farthest = _sizes(paid)
    return farthest / unit if unit > 0.0 else None


def _sizes(paid: np.ndarray) -> tuple[float, float, float]:
    """The median, the unit (a large usual distance from it, or its size), the farthest distance from it."""
    middle = float(np.median(paid))
    apart = np.abs(paid - middle)
    return middle, max(float(np.quantile(apart, 0.99)), abs(middle)), float(apart.max())
