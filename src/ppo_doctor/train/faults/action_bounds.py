"""Fault: the environment clips actions to a part of the bounds it declares: most of what is chosen has no effect."""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Array

from ppo_doctor.train.altered import Change, Moment, alter
from ppo_doctor.train.config import Config
from ppo_doctor.train.env import AbstractEnv, Box
from ppo_doctor.train.fault import Fault


def narrowed(now: Moment, action: Array) -> Array:
    """`action` clipped to the middle `strength` of its range."""
    space = now.env.space
    assert isinstance(space, Box)
    low, high = jnp.asarray(space.low), jnp.asarray(space.high)
    middle, half = (low + high) / 2, now.strength * (high - low) / 2
    return jnp.clip(action, middle - half, middle + half)


def suits(env: AbstractEnv, config: Config) -> bool:
    """Real actions of one agent."""
    del config
    return isinstance(env.space, Box) and env.num_agents == 1


FAULT = Fault(
    cause="action-bounds",
    kind="env",
    what="actions are clipped to the middle `strength` of the declared range",
    strengths=(0.05, 0.2),
    suits=suits,
    env=alter(Change(act=narrowed)),
)
