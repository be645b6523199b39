"""Is every episode the same instance? workload_varies: share of pairs of seeds whose observations, rewards or ends
differ although the same random numbers choose the actions.

Cost: one more random play.
Wrong when: all that a seed changes is hidden and unpaid within the recorded steps.
"""

from __future__ import annotations

import numpy as np

from ppo_doctor.train.lab import Lab
from ppo_doctor.train.probes import Found


def measure(lab: Lab) -> Found:
    """The share of pairs of seeds that differ."""
    n, horizon = lab.random.alive.shape
    play = lab.world.play(lab.seeds(0, n), np.full(n, lab.seed), horizon)
    rows = np.concatenate([play.obs.reshape(n, -1), play.reward, play.alive], axis=1)
    different = [(rows[i] != rows[j]).any() for i in range(n) for j in range(i)]
    return Found({"workload_varies": float(np.mean(different))}, (f"{n} seeds under the same actions",))
