"""Harmless: the actions go by other numbers, the mask with them (a real action by the opposite sign)."""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Array

from ppo_doctor.train.altered import Change, Moment, alter, flat
from ppo_doctor.train.env import Box, Discrete, View
from ppo_doctor.train.fault import Fault


def renamed(now: Moment, action: Array) -> Array:
    """The action that goes by this number."""
    space = now.env.space
    if isinstance(space, Box):
        return jnp.asarray(space.low) + jnp.asarray(space.high) - action
    sizes = space.n if isinstance(space, Discrete) else jnp.asarray(space.sizes)
    return sizes - 1 - action


def mask(now: Moment, view: View) -> View:
    """`view` with the mask in the order of the new numbers."""
    space = now.env.space
    if isinstance(space, Box):
        return view
    sizes = (space.n,) if isinstance(space, Discrete) else space.sizes
    ends = [sum(sizes[: k + 1]) for k in range(len(sizes))]
    parts = [view.mask[end - size : end][::-1] for end, size in zip(ends, sizes, strict=True)]
    return view._replace(mask=jnp.concatenate(parts))


FAULT = Fault(
    cause="",
    kind="env",
    what="actions are numbered backwards",
    strengths=(1.0,),
    suits=flat,
    env=alter(Change(act=renamed, see=mask)),
)
