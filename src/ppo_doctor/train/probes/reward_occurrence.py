"""Does chance find a reward? reward_occurrence: share of episodes of random play with any reward other than the most
frequent one.

Cost: random play, shared with other probes.
Wrong when: long episodes were recorded in part. Where every step pays the same, and not nothing, the length of an
episode is what is paid; then there is no other reward to find and nothing is measured.
Reference: Schulman 2016, The Nuts and Bolts of Deep RL Research.
"""

from __future__ import annotations

import numpy as np

from ppo_doctor.train.lab import Cannot, Lab
from ppo_doctor.train.probes import Found


def measure(lab: Lab) -> Found:
    """The share of episodes with an unusual reward."""
    play = lab.random
    values, counts = np.unique(play.reward[play.alive], return_counts=True)
    usual = values[np.argmax(counts)]
    if len(values) == 1 and usual != 0.0 and np.ptp(play.lengths) > 0:
        raise Cannot(f"every step pays {usual:g}: episodes are paid by their length")
    found = ((play.reward != usual) & play.alive).any(axis=1).mean()
    notes = f"{len(play.alive)} episodes; most frequent reward {usual:g}, {len(values)} different ones"
    return Found({"reward_occurrence": float(found)}, (notes,))
