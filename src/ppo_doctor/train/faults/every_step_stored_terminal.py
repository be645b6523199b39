"""Fault: every transition is stored as the end of an episode.

Seen in a threat detector that treated a batch of events as one-step episodes: the return is the next reward, nothing
is bootstrapped, and whatever pays later is invisible. Harmless in a bandit, fatal where actions have consequences.
"""

from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault
from ppo_doctor.train.learner import Parts
from ppo_doctor.train.rollout import Rollout


def parts(parts: Parts, strength: float) -> Parts:
    """Every `strength`-th step is stored as terminal."""

    def store(config: Config, seen: Rollout) -> Rollout:
        seen = parts.store(config, seen)
        marked = (jnp.arange(seen.reward.shape[0]) % int(strength) == 0)[:, None] & jnp.ones_like(seen.terminated)
        return seen._replace(terminated=seen.terminated | marked, truncated=seen.truncated & ~marked)

    return replace(parts, store=store)


FAULT = Fault("every-step-terminal", "learner", "every step is stored as an end of the task", (1.0, 2.0), parts=parts)
