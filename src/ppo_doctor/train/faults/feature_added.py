"""Harmless: the observation has one more feature, which is always the same."""

from __future__ import annotations

import jax.numpy as jnp

from ppo_doctor.train.altered import Change, Moment, alter, flat, looking
from ppo_doctor.train.env import View
from ppo_doctor.train.fault import Fault


def shown(now: Moment, view: View) -> View:
    """`view` with `strength` appended to its features."""
    return looking(view, lambda x: jnp.append(x, now.strength))


FAULT = Fault(
    cause="",
    kind="env",
    what="a feature that is always `strength` is appended to the observation",
    strengths=(1.0,),
    suits=flat,
    env=alter(Change(see=shown)),
)
