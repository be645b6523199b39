"""Fault: observations are stored by reference, and the environment overwrites them.

UniLab pull request 799, rsl_rl issue 222, SuperSuit pull request 116, baselines pull request 418. The buffer holds the
observation of a later step (of the last one, if a single array is reused throughout), while log-probability, value
and action are of the true one: recomputed log-probabilities differ, and learning is weak.
"""

from __future__ import annotations

from dataclasses import replace

import jax
import jax.numpy as jnp

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault
from ppo_doctor.train.learner import Parts
from ppo_doctor.train.rollout import Rollout


def parts(parts: Parts, strength: float) -> Parts:
    """Step t holds the observation of step t + `strength`, or the last one's."""

    def store(config: Config, seen: Rollout) -> Rollout:
        seen = parts.store(config, seen)
        steps = seen.reward.shape[0]
        later = jnp.minimum(jnp.arange(steps) + min(int(strength), steps), steps - 1)
        return seen._replace(obs=jax.tree.map(lambda x: x[later], seen.obs))

    return replace(parts, store=store)


FAULT = Fault("buffer-aliased", "learner", "stored observations are overwritten by later ones", (1.0, 1e6), parts=parts)
