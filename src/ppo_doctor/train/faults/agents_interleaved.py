"""Fault: rewards are laid out agent by agent, everything else environment by environment.

With E environments and A agents the rows are E x A in one array and A x E in another. Each agent is paid for what
another one did.
"""

from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault, several_agents
from ppo_doctor.train.learner import Parts
from ppo_doctor.train.rollout import Rollout


def parts(parts: Parts, strength: float) -> Parts:
    """Rewards [t, E x A] are stored as [t, A x E]."""
    del strength

    def store(config: Config, seen: Rollout) -> Rollout:
        seen = parts.store(config, seen)

        def crossed(x: jnp.ndarray) -> jnp.ndarray:
            return jnp.swapaxes(x.reshape(x.shape[0], config.n_envs, -1), 1, 2).reshape(x.shape)

        terms = {name: crossed(x) for name, x in seen.reward_terms.items()}
        return seen._replace(reward=crossed(seen.reward), reward_terms=terms)

    return replace(parts, store=store)


FAULT = Fault("agents-interleaved", "learner", "rewards are laid out agent by agent", suits=several_agents, parts=parts)
