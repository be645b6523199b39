"""Fault: nothing is discounted.

With a discount of one and endless tasks the value has no bound: it grows with the run, its error with it, and the
advantage drowns. Harmless where episodes are short.
"""

from __future__ import annotations

from dataclasses import replace

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault


def config(config: Config, strength: float) -> Config:
    """A discount of `strength`, and Monte Carlo advantages."""
    return replace(config, gamma=strength, gae_lambda=1.0)


FAULT = Fault("discount-too-high", "config", "nothing is discounted", (1.0, 0.9999), config=config)
