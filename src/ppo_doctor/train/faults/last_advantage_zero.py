"""Harmless mutant: the last step of each rollout has advantage zero.

PufferLib issue 363: one row in `n_steps` gets the entropy gradient only. A bug, but of a size that no return shows.
"""

from __future__ import annotations

from dataclasses import replace

from ppo_doctor.train.config import Config
from ppo_doctor.train.env import AbstractEnv
from ppo_doctor.train.fault import Fault
from ppo_doctor.train.learner import Parts
from ppo_doctor.train.rollout import Rollout


def parts(parts: Parts, strength: float) -> Parts:
    """advantages[-1] = 0."""
    del strength

    def estimate(config: Config, seen: Rollout):
        advantage, target = parts.estimate(config, seen)
        return advantage.at[-1].set(0.0), target

    return replace(parts, estimate=estimate)


def _suits(env: AbstractEnv, config: Config) -> bool:
    del env
    return config.n_steps >= 8


FAULT = Fault("", "learner", "the last step of each rollout has no advantage", suits=_suits, parts=parts)
