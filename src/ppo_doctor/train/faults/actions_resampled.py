"""Fault: the update scores actions other than the stored ones.

PufferLib (commit 0b6bb68) did not pass the stored actions to the recurrent forward pass, which sampled fresh ones: the
ratio was random and the KL large from the first minibatch on. Here a share of the rows is scored with the action of
the neighbouring row.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jax.numpy as jnp

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault, share
from ppo_doctor.train.learner import Parts


def parts(parts: Parts, strength: float) -> Parts:
    """A share `strength` of a minibatch's rows has its neighbour's action."""

    def policy(config: Config, space: Any, model: Any, norms: Any, batch: Any, knobs: Any):
        other = share(strength, batch.action.shape[0], batch.action.ndim)
        action = jnp.where(other, jnp.roll(batch.action, 1, axis=0), batch.action)
        return parts.policy(config, space, model, norms, batch._replace(action=action), knobs)

    return replace(parts, policy=policy)


FAULT = Fault(
    "logprob-mismatch", "learner", "the update scores other actions than the stored ones", (1.0, 0.3), parts=parts
)
