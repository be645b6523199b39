"""Fault: another action is executed than the one that is stored and trained.

An index that is mapped twice, a safety filter, a queue that is one environment off. Here a share of the environments
execute the action of the neighbouring one (where it is legal for them): credit goes to actions that were not taken.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jax.numpy as jnp

from ppo_doctor.train.config import Config
from ppo_doctor.train.env import Discrete
from ppo_doctor.train.fault import Fault, masked, share
from ppo_doctor.train.learner import Parts


def parts(parts: Parts, strength: float) -> Parts:
    """A share `strength` of the rows executes the next row's action."""

    def act(config: Config, space: Any, model: Any, norms: Any, view: Any, *rest: Any):
        action, executed, log_prob = parts.act(config, space, model, norms, view, *rest)
        other = share(strength, executed.shape[0], executed.ndim)
        swapped = jnp.roll(executed, -1, axis=0)
        if isinstance(space, Discrete):
            other &= jnp.take_along_axis(view.mask, swapped[:, None], axis=1)[:, 0]
        return action, jnp.where(other, swapped, executed), log_prob

    return replace(parts, act=act)


def _suits(env: Any, config: Config) -> bool:
    one_mask = isinstance(env.space, Discrete) or not masked(env, config)
    return one_mask and config.n_envs * env.num_agents > 1


FAULT = Fault(
    "executed-action-differs",
    "learner",
    "the environment executes another action than the one stored",
    (1.0, 0.5),
    suits=_suits,
    parts=parts,
)
