"""Harmless mutant: advantages are divided by their spread, and their mean stays in.

The mean is a baseline that the critic has mostly removed already.
"""

from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp
from jaxtyping import Array

from ppo_doctor.train.fault import Fault
from ppo_doctor.train.learner import Parts


def parts(parts: Parts, strength: float) -> Parts:
    """x / std(x)."""
    del strength

    def standardise(x: Array) -> Array:
        return x / (jnp.std(x) + 1e-8)

    return replace(parts, standardise=standardise)


FAULT = Fault("", "learner", "advantages are scaled, not centred", parts=parts)
