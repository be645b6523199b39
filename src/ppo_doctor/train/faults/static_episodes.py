"""Fault: every episode begins with the same random numbers, so that there is one episode.

A generator seeded inside `reset` does it. What is learned is that one episode; the harm shows on others.
"""

from __future__ import annotations

import jax
from jaxtyping import Array, PyTree

from ppo_doctor.train.altered import Change, alter, one_agent
from ppo_doctor.train.env import AbstractEnv
from ppo_doctor.train.fault import Fault


def same(env: AbstractEnv, strength: Array, noise: PyTree[Array]) -> PyTree[Array]:
    """The noise of one fixed seed."""
    del strength, noise
    return env.draw(jax.random.key(0))


FAULT = Fault(
    cause="static-episodes",
    kind="env",
    what="every episode begins with the noise of seed 0",
    strengths=(1.0,),
    suits=one_agent,
    env=alter(Change(start=same)),
)
