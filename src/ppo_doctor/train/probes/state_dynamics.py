"""Does the observation move? state_changes: share of the steps of random play that end no episode and after which the
observation is not exactly the one before.

Cost: random play, shared with other probes.
Wrong when: nothing is meant to be seen (an endless task with one state), or added noise hides that nothing moves.
"""

from __future__ import annotations

import numpy as np

from ppo_doctor.train.lab import Cannot, Lab
from ppo_doctor.train.probes import Found


def measure(lab: Lab) -> Found:
    """The share of steps that change the observation."""
    play = lab.random
    steps = play.alive & ~play.terminated & ~play.truncated
    if not steps.any():
        raise Cannot("every step ends its episode")
    moved = (play.obs[:, 1:] != play.obs[:, :-1]).any(axis=2)
    return Found({"state_changes": float(moved[steps].mean())}, (f"{int(np.sum(steps))} steps",))
