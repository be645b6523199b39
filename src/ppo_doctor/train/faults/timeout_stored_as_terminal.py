"""Fault: a time limit is stored as the end of the task.

The commonest silent fault of PPO code (Pardo et al. 2018; cleanrl issue 198, Stoix commit 9e93c76, Stable-Baselines3
commit d228364): done is "terminated or truncated", and the bootstrap is cut at both. States near the limit look
worthless although the task goes on; the final return of long tasks is lower.
"""

from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault
from ppo_doctor.train.learner import Parts
from ppo_doctor.train.rollout import Rollout


def parts(parts: Parts, strength: float) -> Parts:
    """Every stored truncation becomes a termination."""
    del strength

    def store(config: Config, seen: Rollout) -> Rollout:
        seen = parts.store(config, seen)
        none = jnp.zeros_like(seen.truncated)
        return seen._replace(terminated=seen.terminated | seen.truncated, truncated=none)

    return replace(parts, store=store)


FAULT = Fault("timeout-as-terminal", "learner", "time limits are stored as the end of the task", parts=parts)
