"""Fault: the reward of the step before is stored with the current observation and action.

Spinning Up issue 50: observation and action of this step, reward of the last. Hardly visible where rewards are dense
and smooth; fatal for one-step and sparse tasks, whose last reward meets the next episode's first action.
"""

from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault
from ppo_doctor.train.learner import Parts
from ppo_doctor.train.rollout import Rollout


def parts(parts: Parts, strength: float) -> Parts:
    """Rewards move `strength` steps later; the first rows keep their own."""
    by = int(strength)

    def late(x: jnp.ndarray) -> jnp.ndarray:
        return jnp.concatenate([x[:by], x[:-by]])

    def store(config: Config, seen: Rollout) -> Rollout:
        seen = parts.store(config, seen)
        terms = {name: late(x) for name, x in seen.reward_terms.items()}
        return seen._replace(reward=late(seen.reward), reward_terms=terms)

    return replace(parts, store=store)


FAULT = Fault("reward-misaligned", "learner", "rewards are stored one step late", (1.0, 2.0), parts=parts)
