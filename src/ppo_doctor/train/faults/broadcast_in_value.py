"""Fault: predictions [n, 1] meet targets [n] in the value loss, and broadcast to [n, n].

Seen in DeepRL_Algorithms issue 13 and again and again since: nothing crashes, but every prediction is pulled towards
every target. The critic learns the mean of the returns, the value loss stays at their variance, and explained variance
at zero.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jax.numpy as jnp

from ppo_doctor.train import rollout
from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault
from ppo_doctor.train.learner import Parts
from ppo_doctor.train.normalise import scale


def parts(parts: Parts, strength: float) -> Parts:
    """Row i's trained error is the mean over all targets j of (V_i - R_j)^2 / 2; `strength` mixes it with the right."""

    def value(config: Config, model: Any, norms: Any, batch: Any, knobs: Any):
        right, error = parts.value(config, model, norms, batch, knobs)
        v, target = model.value(rollout.see(config, norms, batch.obs)), batch.target
        if config.normalize_targets:
            target = (target - norms.target.mean[0]) / scale(norms.target)
        crossed = 0.5 * jnp.mean((v[:, None] - target) ** 2, axis=1)
        return strength * crossed + (1.0 - strength) * right, error

    return replace(parts, value=value)


FAULT = Fault("shape-broadcast", "learner", "the value loss pairs every prediction with every target", parts=parts)
