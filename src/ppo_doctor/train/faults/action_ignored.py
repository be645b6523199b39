"""Fault: the environment ignores the action and does what chance says, among what was legal."""

from __future__ import annotations

import jax
from jaxtyping import Array

from ppo_doctor.train.altered import Change, Moment, alter, one_agent
from ppo_doctor.train.evaluate import random_policy
from ppo_doctor.train.fault import Fault


def chance(now: Moment, action: Array) -> Array:
    """A random legal action, with probability `strength`."""
    ignored = jax.random.bernoulli(jax.random.fold_in(now.key, 0), now.strength)
    other = random_policy(now.env)(jax.random.fold_in(now.key, 1), None, now.memory.last)
    return jax.numpy.where(ignored, other, action)


FAULT = Fault(
    cause="action-ignored",
    kind="env",
    what="the executed action is drawn by chance with the probability `strength`, whatever the policy chose",
    strengths=(1.0,),
    suits=one_agent,
    env=alter(Change(act=chance)),
)
