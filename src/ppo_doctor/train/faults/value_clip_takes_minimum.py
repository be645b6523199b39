"""Fault: the value loss takes the smaller of clipped and unclipped error.

cleanrl commits ee728e9 and d6fd21b. With the minimum, a prediction that is beyond the clip has an error that no longer
depends on it: the critic gives up exactly where it is most wrong.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jax.numpy as jnp

from ppo_doctor.train import rollout
from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault
from ppo_doctor.train.learner import Parts


def config(config: Config, strength: float) -> Config:
    """A value clip of `strength` standard deviations of the targets."""
    return replace(config, clip_range_vf=strength)


def parts(parts: Parts, strength: float) -> Parts:
    """Minimum instead of maximum."""
    del strength

    def value(config: Config, model: Any, norms: Any, batch: Any, knobs: Any):
        v, old = rollout.values(config, model, norms, batch.obs), batch.value
        near = old + jnp.clip(v - old, -knobs.value_reach, knobs.value_reach)
        error = 0.5 * (v - batch.target) ** 2
        return jnp.minimum(error, 0.5 * (near - batch.target) ** 2), error

    return replace(parts, value=value)


def _suits(env: Any, config: Config) -> bool:
    del env
    return not config.normalize_targets


FAULT = Fault(
    "critic-starved",
    "learner",
    "the value loss takes the minimum of clipped and unclipped error",
    (0.05, 0.2),
    suits=_suits,
    config=config,
    parts=parts,
)
