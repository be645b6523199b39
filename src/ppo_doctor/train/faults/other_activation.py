"""Harmless mutant: the other activation, tanh or rectifier.

Both work on tasks of this size; curves differ in their noise.
"""

from __future__ import annotations

from dataclasses import replace

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault


def config(config: Config, strength: float) -> Config:
    """The other activation."""
    del strength
    other = {"tanh": "relu", "relu": "tanh"}
    return replace(config, network=replace(config.network, activation=other[config.network.activation]))


FAULT = Fault("", "config", "the other activation is used", (1.0,), config=config)
