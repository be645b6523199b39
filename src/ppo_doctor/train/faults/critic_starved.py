"""Fault: the critic learns far too slowly.

Its learning rate is a small fraction of the actor's: a second optimiser with a default meant for something else, or a
coefficient that another normalisation made meaningless. Explained variance creeps, and the policy works with
advantages that are all noise.
"""

from __future__ import annotations

from dataclasses import replace

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault


def config(config: Config, strength: float) -> Config:
    """The critic's learning rate is `strength` times what it was."""
    return replace(config, critic_learning_rate=config.critic_learning_rate * strength)


FAULT = Fault("critic-starved", "learner", "the critic's learning rate is far too small", (0.001, 0.01), config=config)
