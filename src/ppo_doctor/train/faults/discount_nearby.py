"""Harmless mutant: a discount nearby.

0.98 instead of 0.99: half the horizon, still far beyond what most of these tasks need.
"""

from __future__ import annotations

from dataclasses import replace

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault


def config(config: Config, strength: float) -> Config:
    """The horizon is divided by `strength`."""
    return replace(config, gamma=1.0 - strength * (1.0 - config.gamma))


FAULT = Fault("", "config", "the discount is slightly lower", (2.0,), config=config)
