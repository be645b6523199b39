"""Fault: the clipped action is stored, with the log-probability of the sampled one.

Seen in cleanrl issue 240 and garage issue 291. Where the Gaussian reaches over the bounds, action and log-probability
belong to different draws: the ratio on the first minibatch is not one, and the policy is pulled inwards or blows up
when the standard deviation is wide. Silent while actions stay inside the bounds.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jax.numpy as jnp

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault, real_actions
from ppo_doctor.train.learner import Parts


def parts(parts: Parts, strength: float) -> Parts:
    """Stores the action clipped to `strength` half ranges."""

    def act(config: Config, *rest: Any):
        action, executed, log_prob = parts.act(config, *rest)
        return jnp.clip(action, -strength, strength), executed, log_prob

    return replace(parts, act=act)


FAULT = Fault(
    "stored-action-clipped",
    "learner",
    "the buffer holds the clipped action with the log-probability of the sampled one",
    (1.0, 0.5),
    suits=real_actions,
    parts=parts,
)
