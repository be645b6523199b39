"""Fault: advantages are flattened environment by environment, everything else time by time.

One `reshape` without the transpose that the others got. Rows are paired with advantages and targets of other moments
of other environments: the signal is noise of the right size. All statistics of the advantage look perfectly healthy.
"""

from __future__ import annotations

from dataclasses import replace

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault
from ppo_doctor.train.learner import Parts
from ppo_doctor.train.rollout import Rollout


def parts(parts: Parts, strength: float) -> Parts:
    """Advantages and targets [t, rows] hold what a transposed flattening puts there."""
    del strength

    def estimate(config: Config, seen: Rollout):
        advantage, target = parts.estimate(config, seen)
        shape = advantage.shape
        return advantage.T.reshape(shape), target.T.reshape(shape)

    return replace(parts, estimate=estimate)


FAULT = Fault("agents-interleaved", "learner", "advantages are flattened in another order than their rows", parts=parts)
