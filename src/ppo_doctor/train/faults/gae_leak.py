"""Fault: the advantage runs on across the ends of episodes.

The factor (1 - done) is missing in the recursion: PPO-PyTorch (commit fd5381d) and a tutorial's repository (pull
request 58) had it in the discounted return. Advantages of one episode carry what happened in the next, targets grow
with the rollout's length, and explained variance stays low on short episodes. Long episodes hardly notice.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault
from ppo_doctor.train.learner import Parts
from ppo_doctor.train.rollout import Rollout
from ppo_doctor.train.targets import discounted_sum, trace_decay


def leaking(config: Config, seen: Rollout, carry: Any) -> tuple[Any, Any]:
    """(advantages, critic targets) whose trace goes on by `carry` [t, rows] instead of stopping at an end."""
    delta = seen.reward + config.gamma * (1.0 - seen.terminated) * seen.next_value - seen.value
    decay = config.gamma * trace_decay(config.policy_target, config.gae_lambda) * carry
    advantage = jax.vmap(discounted_sum, in_axes=1, out_axes=1)(delta, decay)
    return advantage, advantage + seen.value


def parts(parts: Parts, strength: float) -> Parts:
    """The trace passes every end with weight `strength`."""

    def estimate(config: Config, seen: Rollout):
        done = seen.terminated | seen.truncated
        return leaking(config, seen, jnp.where(done, strength, 1.0))

    return replace(parts, estimate=estimate)


FAULT = Fault("gae-leak", "learner", "advantages run on across the ends of episodes", (1.0, 0.5), parts=parts)
