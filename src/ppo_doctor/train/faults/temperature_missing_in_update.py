"""Fault: the rollout stores log-probabilities at the sampling temperature, the update re-evaluates without it.

One half of the temperature's wiring is missing: the ratio is not one before the first step, and the clip acts on the
temperature instead of on the policy's change.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jax.numpy as jnp

from ppo_doctor.train.config import Config, constant
from ppo_doctor.train.fault import Fault
from ppo_doctor.train.learner import Parts


def config(config: Config, strength: float) -> Config:
    """Samples at temperature `strength`."""
    return replace(config, temperature=constant(strength))


def parts(parts: Parts, strength: float) -> Parts:
    """Re-evaluates at temperature one."""
    del strength

    def policy(config: Config, space: Any, model: Any, norms: Any, batch: Any, knobs: Any):
        return parts.policy(config, space, model, norms, batch, knobs._replace(temperature=jnp.ones(())))

    return replace(parts, policy=policy)


FAULT = Fault(
    "logprob-mismatch",
    "learner",
    "the update re-evaluates log-probabilities without the sampling temperature",
    (3.0, 1.5),
    config=config,
    parts=parts,
)
