"""Harmless mutant: a lambda nearby.

0.9 instead of 0.95: within the range that the large studies found flat.
"""

from __future__ import annotations

from dataclasses import replace

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault


def config(config: Config, strength: float) -> Config:
    """GAE with lambda `strength`."""
    return replace(config, gae_lambda=strength)


FAULT = Fault("", "config", "the trace of the advantage is slightly shorter", (0.9, 0.98), config=config)
