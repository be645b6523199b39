"""Fault: episodes end, but no end is stored.

A wrapper or a vector environment resets by itself and the flag never reaches the buffer. The value of the next
episode's first state is bootstrapped as if one step followed the other, and the advantage runs on. In tasks whose end
is the only signal (a pole that falls), nothing is left to learn.
"""

from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault, share
from ppo_doctor.train.learner import Parts
from ppo_doctor.train.rollout import Rollout


def parts(parts: Parts, strength: float) -> Parts:
    """A share `strength` of the rows never stores an end."""

    def store(config: Config, seen: Rollout) -> Rollout:
        seen = parts.store(config, seen)
        lost = share(strength, seen.reward.shape[1], 1) & jnp.ones_like(seen.terminated)
        following = jnp.concatenate([seen.value[1:], seen.next_value[-1:]])
        return seen._replace(
            terminated=seen.terminated & ~lost,
            truncated=seen.truncated & ~lost,
            next_value=jnp.where(lost, following, seen.next_value),
        )

    return replace(parts, store=store)


FAULT = Fault("done-flag-lost", "learner", "ends of episodes are not stored", (1.0, 0.5), parts=parts)
