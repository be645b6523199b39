"""What `probe_continuous` is compared with: its known answer."""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array

from ppo_doctor.train.env import View
from ppo_doctor.train.envs.probe_continuous import HIGH, LOW, ProbeContinuous

REFERENCE = "known"


def policies(env: ProbeContinuous) -> dict[str, eqx.Partial]:
    """The known answer."""
    return {"known": eqx.Partial(target, env)}


def target(env: ProbeContinuous, key: Array, state: Array, view: View) -> Array:
    """The target that the observation names."""
    del key, view
    low, high = jnp.asarray(LOW), jnp.asarray(HIGH)
    return (low + high) / 2 + env.slope * state * (high - low) / 2
