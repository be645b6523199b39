"""Fault: the unclipped term of the surrogate has standardised advantages, the clipped one raw ones.

TorchRL pull request 1033: the standardisation stood between the two terms, so the minimum compares different scales
and the clip acts at random.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jax.numpy as jnp
from jaxtyping import Array

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault
from ppo_doctor.train.learner import Parts
from ppo_doctor.train.loss import standardised


def parts(parts: Parts, strength: float) -> Parts:
    """The clipped term has raw advantages times `strength`."""

    def standardise(x: Array) -> Array:
        return x

    def policy(config: Config, space: Any, model: Any, norms: Any, batch: Any, knobs: Any):
        _, entropy, bonus, log_ratio = parts.policy(config, space, model, norms, batch, knobs)
        ratio = jnp.exp(log_ratio)
        clipped = jnp.clip(ratio, 1.0 - knobs.clip_coef, 1.0 + knobs.clip_coef)
        one, other = standardised(batch.advantage), strength * batch.advantage
        return jnp.maximum(-one * ratio, -other * clipped), entropy, bonus, log_ratio

    return replace(parts, standardise=standardise, policy=policy)


FAULT = Fault(
    "advantage-not-normalised",
    "learner",
    "only the unclipped term of the surrogate has standardised advantages",
    (1.0, 10.0),
    parts=parts,
)
