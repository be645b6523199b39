"""Fault: the discount is too low for the task.

The learner optimises the next few steps. Where the reward comes later, or costs come first, the best policy for this
horizon is another one. Harmless in one-step tasks.
"""

from __future__ import annotations

from dataclasses import replace

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault


def config(config: Config, strength: float) -> Config:
    """A discount of `strength`."""
    return replace(config, gamma=strength)


FAULT = Fault("discount-too-low", "config", "the discount is too low for the task", (0.3, 0.6), config=config)
