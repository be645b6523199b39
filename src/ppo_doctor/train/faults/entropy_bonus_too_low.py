"""Fault: the entropy bonus that the task needs is missing.

Without a bonus the policy becomes deterministic before it has seen what pays. Harmless where the reward is dense.
"""

from __future__ import annotations

from dataclasses import replace

from ppo_doctor.train.config import Config, constant
from ppo_doctor.train.env import AbstractEnv
from ppo_doctor.train.fault import Fault


def config(config: Config, strength: float) -> Config:
    """No entropy bonus."""
    del strength
    return replace(config, ent_coef=constant(0.0))


def _suits(env: AbstractEnv, config: Config) -> bool:
    del env
    return config.ent_coef.start > 0.0


FAULT = Fault("entropy-bonus-too-low", "config", "the entropy bonus is removed", (1.0,), suits=_suits, config=config)
