"""Harmless mutant: the environments of a rollout are stored in another order, all columns alike.

Nothing depends on which environment a row came from.
"""

from __future__ import annotations

from dataclasses import replace

import jax
import jax.numpy as jnp

from ppo_doctor.train.config import Config
from ppo_doctor.train.env import AbstractEnv
from ppo_doctor.train.fault import Fault
from ppo_doctor.train.learner import Parts
from ppo_doctor.train.rollout import Rollout


def parts(parts: Parts, strength: float) -> Parts:
    """Rows are moved along by `strength`."""

    def store(config: Config, seen: Rollout) -> Rollout:
        return jax.tree.map(lambda x: jnp.roll(x, int(strength), axis=1), parts.store(config, seen))

    return replace(parts, store=store)


def _suits(env: AbstractEnv, config: Config) -> bool:
    """Rewards scaled by the return so far need to know which environment a row came from."""
    return config.n_envs * env.num_agents > 1 and not config.normalize_reward


FAULT = Fault("", "learner", "environments are stored in another order", suits=_suits, parts=parts)
