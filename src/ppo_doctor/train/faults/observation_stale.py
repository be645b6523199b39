"""Fault: the observation is refreshed only now and then; in between the agent sees an old one."""

from __future__ import annotations

import jax
import jax.numpy as jnp

from ppo_doctor.train.altered import Change, Moment, alter, lasts
from ppo_doctor.train.env import View
from ppo_doctor.train.fault import Fault


def shown(now: Moment, view: View) -> View:
    """The observation of the last refresh; the mask is always the present one."""
    fresh = now.memory.time % now.strength.astype(jnp.int32) == 0
    old = now.memory.shown.obs
    return view._replace(obs=jax.tree.map(lambda a, b: jnp.where(fresh, a, b), view.obs, old))


FAULT = Fault(
    cause="observation-stale",
    kind="env",
    what="the observation is refreshed every `strength` steps only",
    strengths=(16.0, 8.0),
    suits=lasts,
    env=alter(Change(see=shown)),
)
