"""Fault: several agents vote, the majority's action is executed, and each agent is trained on its own.

Seen in a multi-agent threat detector: the consensus overrode the dissenters, whose own actions were stored with the
reward of the consensus. Dissent is rewarded for what it opposed, so that agents learn nothing from disagreeing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp

from ppo_doctor.train.config import Config
from ppo_doctor.train.env import AbstractEnv, Discrete
from ppo_doctor.train.fault import Fault, several_agents
from ppo_doctor.train.learner import Parts


def parts(parts: Parts, strength: float) -> Parts:
    """Every agent for which it is legal executes the most frequent action of its environment."""
    del strength

    def act(config: Config, space: Discrete, model: Any, norms: Any, view: Any, *rest: Any):
        action, executed, log_prob = parts.act(config, space, model, norms, view, *rest)
        votes = jnp.sum(jax.nn.one_hot(executed.reshape(config.n_envs, -1), space.n), axis=1)
        winner = jnp.repeat(jnp.argmax(votes, axis=1), executed.shape[0] // config.n_envs)
        legal = jnp.take_along_axis(view.mask, winner[:, None], axis=1)[:, 0]
        return action, jnp.where(legal, winner, executed), log_prob

    return replace(parts, act=act)


def _suits(env: AbstractEnv, config: Config) -> bool:
    return several_agents(env, config) and isinstance(env.space, Discrete)


FAULT = Fault(
    "executed-action-differs",
    "learner",
    "the agents' consensus is executed, their own actions are trained",
    suits=_suits,
    parts=parts,
)
