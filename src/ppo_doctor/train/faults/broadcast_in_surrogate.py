"""Fault: ratios [n] meet advantages [n, 1] in the surrogate, and broadcast to [n, n].

Seen in ReinforcementLearningZoo pull request 169 and batch-ppo pull request 45. Every ratio is multiplied by every
advantage; as standardised advantages sum to zero, the policy gradient is zero wherever the clip is not active. The
critic fits, the entropy drifts with its bonus, and the policy learns nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jax.numpy as jnp

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault
from ppo_doctor.train.learner import Parts


def parts(parts: Parts, strength: float) -> Parts:
    """Row i's surrogate is the mean over all advantages j; `strength` mixes it with the right one."""

    def policy(config: Config, space: Any, model: Any, norms: Any, batch: Any, knobs: Any):
        right, entropy, bonus, log_ratio = parts.policy(config, space, model, norms, batch, knobs)
        ratio, advantage = jnp.exp(log_ratio)[:, None], batch.advantage
        clipped = jnp.clip(ratio, 1.0 - knobs.clip_coef, 1.0 + knobs.clip_coef)
        crossed = jnp.mean(jnp.maximum(-advantage * ratio, -advantage * clipped), axis=1)
        return strength * crossed + (1.0 - strength) * right, entropy, bonus, log_ratio

    return replace(parts, policy=policy)


FAULT = Fault("shape-broadcast", "learner", "the surrogate pairs every ratio with every advantage", parts=parts)
