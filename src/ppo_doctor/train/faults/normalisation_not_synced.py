"""Fault: evaluation uses other statistics of the observations than training.

A fresh normaliser in the evaluation environment (the commonest evaluation bug of Stable-Baselines3 users), or one from
an older checkpoint. The training return climbs, evaluation stays near random.
"""

from __future__ import annotations

from dataclasses import replace

import jax
import jax.numpy as jnp

from ppo_doctor.train import normalise
from ppo_doctor.train.config import Config
from ppo_doctor.train.env import AbstractEnv
from ppo_doctor.train.evaluate import Agent
from ppo_doctor.train.fault import Fault
from ppo_doctor.train.learner import Parts


def parts(parts: Parts, strength: float) -> Parts:
    """The agent is played with statistics a share `strength` of the way back to fresh ones."""

    def evaluated(agent: Agent) -> Agent:
        agent = parts.evaluated(agent)
        known = agent.norms.obs
        fresh = normalise.start(known.mean.shape[-1])
        mixed = jax.tree.map(lambda old, new: (1.0 - strength) * old + strength * jnp.asarray(new), known, fresh)
        return agent._replace(norms=agent.norms._replace(obs=mixed))

    return replace(parts, evaluated=evaluated)


def _suits(env: AbstractEnv, config: Config) -> bool:
    del env
    return config.normalize_obs


FAULT = Fault(
    "normalisation-not-synced",
    "evaluation",
    "evaluation uses fresh statistics of the observations",
    suits=_suits,
    parts=parts,
)
