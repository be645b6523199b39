"""Fault: neither the end of a rollout nor a time limit is bootstrapped.

The recursion starts from zero: as if nothing came after the last stored step. Values are too low near the ends of
rollouts, worst with short rollouts and long horizons, and the last transition of every rollout looks like a failure.
"""

from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault
from ppo_doctor.train.learner import Parts
from ppo_doctor.train.rollout import Rollout


def parts(parts: Parts, strength: float) -> Parts:
    """Values after the last step and after truncations lose a share `strength`."""

    def estimate(config: Config, seen: Rollout):
        last = jnp.arange(seen.reward.shape[0])[:, None] == seen.reward.shape[0] - 1
        kept = jnp.where(last | seen.truncated, 1.0 - strength, 1.0)
        return parts.estimate(config, seen._replace(next_value=seen.next_value * kept))

    return replace(parts, estimate=estimate)


FAULT = Fault("no-bootstrap", "learner", "rollout ends and time limits are not bootstrapped", parts=parts)
