"""Fault: the observation never changes, as a buffer that is returned before it is filled."""

from __future__ import annotations

import jax.numpy as jnp

from ppo_doctor.train.altered import Change, Moment, alter, looking, one_agent
from ppo_doctor.train.env import View
from ppo_doctor.train.fault import Fault


def shown(now: Moment, view: View) -> View:
    """`view` with every entry the same."""
    return looking(view, lambda x: jnp.zeros_like(x) + now.strength)


FAULT = Fault(
    cause="observation-constant",
    kind="env",
    what="every entry of the observation is `strength`",
    strengths=(0.0,),
    suits=one_agent,
    env=alter(Change(see=shown)),
)
