"""Harmless mutant: hidden layers start with gain one instead of the square root of two.

The value for another activation; Adam makes up for it within a few updates.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import equinox as eqx
import jax.numpy as jnp

from ppo_doctor.train.config import Config
from ppo_doctor.train.env import AbstractEnv
from ppo_doctor.train.fault import Fault
from ppo_doctor.train.learner import Learner, Parts


def parts(parts: Parts, strength: float) -> Parts:
    """First layers are multiplied by `strength` before the first update."""

    def resume(config: Config, learner: Learner) -> Learner:
        learner = parts.resume(config, learner)
        gain = jnp.where(learner.controls.update == 0, strength, 1.0)
        towers: Any = (learner.model.actor, learner.model.critic)
        first = [tower.layers[0].weight * gain for tower in towers]
        model = eqx.tree_at(lambda m: [m.actor.layers[0].weight, m.critic.layers[0].weight], learner.model, first)
        return learner._replace(model=model)

    return replace(parts, resume=resume)


def _suits(env: AbstractEnv, config: Config) -> bool:
    del env
    return config.network.kind == "mlp" and bool(config.network.actor and config.network.critic)


FAULT = Fault("", "config", "hidden layers start with a smaller gain", (0.7071,), suits=_suits, parts=parts)
