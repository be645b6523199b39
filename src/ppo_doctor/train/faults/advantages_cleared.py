"""Fault: the advantage array is cleared once per environment group, so that only the last group keeps its advantages.

PufferLib commit 342143a cleared the array per buffer and indexed it without the buffer: all but one group of
environments had advantage zero. The policy learns from a fraction of what it saw.
"""

from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault, share
from ppo_doctor.train.learner import Parts
from ppo_doctor.train.rollout import Rollout


def parts(parts: Parts, strength: float) -> Parts:
    """A share `strength` of the rows has advantage zero; the critic's targets are right."""

    def estimate(config: Config, seen: Rollout):
        advantage, target = parts.estimate(config, seen)
        return jnp.where(share(strength, advantage.shape[1], 1), 0.0, advantage), target

    return replace(parts, estimate=estimate)


FAULT = Fault("buffer-aliased", "learner", "advantages of most environments are cleared", (0.9, 0.5), parts=parts)
