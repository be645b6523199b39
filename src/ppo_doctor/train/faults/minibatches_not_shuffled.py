"""Harmless mutant: minibatches are consecutive pieces of the rollout, in the same order in every pass.

With several environments side by side each piece mixes them anyway. (With one environment and long episodes it would
not be harmless: rows of a piece are then nearly the same state.)
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jax.numpy as jnp

from ppo_doctor.train.config import Config
from ppo_doctor.train.env import AbstractEnv
from ppo_doctor.train.fault import Fault
from ppo_doctor.train.learner import Parts


def parts(parts: Parts, strength: float) -> Parts:
    """Rows in their own order."""
    del strength

    def order(key: Any, n: int):
        del key
        return jnp.arange(n, dtype=jnp.int32)

    return replace(parts, order=order)


def _suits(env: AbstractEnv, config: Config) -> bool:
    del env
    return config.n_envs > 1


FAULT = Fault("", "learner", "minibatches are not shuffled", suits=_suits, parts=parts)
