"""Does what is seen keep growing within an episode? obs_growth: size of a feature (root mean square) in the last
quarter of episodes of random play over that in the first two observations, median over the features that begin other
than 0. obs_growth_rate: what nine in ten steps of random play multiply the size of the observation by at least.

A simulation that diverges multiplies its numbers step after step; a state that only wanders off grows by some tens, and
not at every step. Where episodes are too short for thousands, only the rate tells.

Cost: random play, shared with other probes.
Wrong when: a task is meant to end far from where it begins, by orders of magnitude; the part that diverges is hidden,
or only in few features.
Reference: Isaac Lab issues 2294 and 1999.
"""

from __future__ import annotations

import numpy as np

from ppo_doctor.train.lab import Cannot, Lab
from ppo_doctor.train.probes import Found

EARLY, LATE, SHORTEST = 2, 0.25, 4
"""Observations at an episode's start (what doubles every step has grown a thousandfold in ten), share of them at its
end; fewest steps of an episode that is looked at."""


def measure(lab: Lab) -> Found:
    """The growth of the features in the middle."""
    play, width = lab.random, lab.world.layout.width
    obs = play.obs.reshape(*play.obs.shape[:2], -1, width)
    early, late = [], []
    for seen, length in zip(obs, play.lengths, strict=True):
        if length >= SHORTEST:
            early.append(seen[:EARLY].reshape(-1, width))
            late.append(seen[length + 1 - max(2, int(LATE * length)) : length + 1].reshape(-1, width))
    if not early:
        raise Cannot(f"episodes of random play have fewer than {SHORTEST} steps")
    first, last = (np.sqrt((np.concatenate(rows).astype(np.float64) ** 2).mean(axis=0)) for rows in (early, late))
    begun = first > 0.0
    if not begun.any():
        raise Cannot("all features begin at 0")
    grown = last[begun] / first[begun]
    found = {"obs_growth": float(np.median(grown))}
    if (rate := _rate(obs, play.lengths)) is not None:
        found["obs_growth_rate"] = rate
    note = f"{int(begun.sum())} features, the least by {grown.min():.3g}, the most by {grown.max():.3g}"
    return Found(found, (note,))


def _rate(obs: np.ndarray, lengths: np.ndarray) -> float | None:
    """What the size of observations [n, t + 1, agents, d] is multiplied by in nine of ten steps at least."""
    size = np.sqrt((obs.astype(np.float64) ** 2).mean(axis=(2, 3)))
    going = np.arange(size.shape[1] - 1) < lengths[:, None]
    before, after = size[:, :-1][going], size[:, 1:][going]
    return float(np.quantile(after[before > 0.0] / before[before > 0.0], 0.1)) if (before > 0.0).any() else None
