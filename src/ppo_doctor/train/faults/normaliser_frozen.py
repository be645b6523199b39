"""Fault: running statistics stop after the first rollout.

A normaliser left in evaluation mode, or updated only at a reset that never comes (Stable-Baselines3 commit f8a0869).
Statistics of the untrained policy's states meet states far outside of them: inputs saturate at the clip.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp

from ppo_doctor.train.config import Config
from ppo_doctor.train.env import AbstractEnv
from ppo_doctor.train.fault import Fault
from ppo_doctor.train.learner import Parts


def parts(parts: Parts, strength: float) -> Parts:
    """Statistics of more than `strength` rows no longer change."""

    def merge(old: Any, x: Any, *rest: Any, **named: Any):
        new = parts.merge(old, x, *rest, **named)
        return jax.tree.map(lambda a, b: jnp.where(old.weight >= strength, a, b), old, new)

    return replace(parts, merge=merge)


def _suits(env: AbstractEnv, config: Config) -> bool:
    del env
    return config.normalize_obs or config.normalize_reward or config.normalize_targets


FAULT = Fault(
    "normaliser-frozen", "learner", "running statistics stop after the first rollout", suits=_suits, parts=parts
)
