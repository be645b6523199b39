"""Fault: the learning rate is far too low.

Everything is healthy and nothing happens: KL near zero, clip fraction zero, entropy at its start, return flat.
"""

from __future__ import annotations

from dataclasses import replace

from ppo_doctor.train.config import Config, constant
from ppo_doctor.train.fault import Fault


def config(config: Config, strength: float) -> Config:
    """A constant learning rate of `strength`."""
    return replace(config, learning_rate=constant(strength))


FAULT = Fault("learning-rate-too-low", "config", "the learning rate is far too low", (1e-6, 1e-5), config=config)
