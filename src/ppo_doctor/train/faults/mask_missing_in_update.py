"""Fault: illegal actions are masked while collecting, not while learning.

The buffer does not hold the mask (or the update forgets to pass it on), so re-evaluated log-probabilities are of a
softmax over all actions: too small wherever something was forbidden. The ratio is below one before the first step,
and the entropy that is rewarded includes illegal actions.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jax.numpy as jnp

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault, masked
from ppo_doctor.train.learner import Parts


def parts(parts: Parts, strength: float) -> Parts:
    """Re-evaluates with everything legal."""
    del strength

    def policy(config: Config, space: Any, model: Any, norms: Any, batch: Any, knobs: Any):
        every = jnp.ones_like(batch.mask)
        return parts.policy(config, space, model, norms, batch._replace(mask=every), knobs)

    return replace(parts, policy=policy)


FAULT = Fault("logprob-mismatch", "learner", "the action mask is missing in the update", suits=masked, parts=parts)
