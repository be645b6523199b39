"""Fault: the advantage runs over the agents of one step as if they were steps of time.

A buffer filled agent by agent is one long trajectory to the recursion: agent 2's next value is agent 3's, and only the
last agent of a step bootstraps from time.
"""

from __future__ import annotations

from dataclasses import replace

import jax
import jax.numpy as jnp

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault, several_agents
from ppo_doctor.train.learner import Parts
from ppo_doctor.train.rollout import Rollout


def parts(parts: Parts, strength: float) -> Parts:
    """[t, E x A] is read as [t x A, E]."""
    del strength

    def estimate(config: Config, seen: Rollout):
        steps, rows = seen.reward.shape
        agents = rows // config.n_envs

        def chained(x: jnp.ndarray) -> jnp.ndarray:
            return jnp.swapaxes(x.reshape(steps, config.n_envs, agents), 1, 2).reshape(steps * agents, config.n_envs)

        def apart(x: jnp.ndarray) -> jnp.ndarray:
            return jnp.swapaxes(x.reshape(steps, agents, config.n_envs), 1, 2).reshape(steps, rows)

        names = ("reward", "value", "terminated", "truncated")
        long = seen._replace(**{name: chained(getattr(seen, name)) for name in names})
        following = jnp.concatenate([long.value[1:], chained(seen.next_value)[-1:]])
        return jax.tree.map(apart, parts.estimate(config, long._replace(next_value=following)))

    return replace(parts, estimate=estimate)


FAULT = Fault("agents-interleaved", "learner", "advantages run from agent to agent", suits=several_agents, parts=parts)
