"""Fault: every other feature is in a unit so small that its numbers are huge beside the rest."""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Array

from ppo_doctor.train.altered import Change, Moment, alter, looking, one_agent
from ppo_doctor.train.env import View
from ppo_doctor.train.fault import Fault


def shown(now: Moment, view: View) -> View:
    """`view` with every other feature times `strength`."""

    def scaled(x: Array) -> Array:  # features come first, also of items
        return x * jnp.where(jnp.arange(x.shape[0]) % 2 == 0, now.strength, 1.0).reshape(-1, *[1] * (x.ndim - 1))

    return looking(view, scaled)


FAULT = Fault(
    cause="observation-unscaled",
    kind="env",
    what="every other feature is multiplied by `strength`",
    strengths=(1e4, 1e3),
    suits=one_agent,
    env=alter(Change(see=shown)),
)
