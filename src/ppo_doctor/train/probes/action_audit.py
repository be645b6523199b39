"""Do the bounds of real actions suit a fresh Gaussian policy? action_at_bound_frac: share of the components of a
standard normal action that lie beyond the declared bounds, by the normal distribution itself.

Cost: none.
Wrong when: the learner rescales actions to [-1, 1] before it meets the bounds, as our trainer does: then nothing is
measured, the share is 32 % by construction.
Reference: Fujita & Maeda 2018, Clipped Action Policy Gradient.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import norm

from ppo_doctor.train.env import Box
from ppo_doctor.train.lab import Cannot, Lab
from ppo_doctor.train.probes import Found


def measure(lab: Lab) -> Found:
    """The share of a fresh policy's actions that end at a bound."""
    space = lab.world.space
    if not isinstance(space, Box):
        raise Cannot("actions are choices, not numbers")
    if lab.world.branching == "state":
        raise Cannot("the trainer scales actions to their bounds")
    low, high = np.asarray(space.low), np.asarray(space.high)
    return Found({"action_at_bound_frac": float(np.mean(norm.cdf(low) + norm.sf(high)))})
