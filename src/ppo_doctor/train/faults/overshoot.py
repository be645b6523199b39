"""Fault: late updates move the policy too far.

Learning goes well until a learning rate that should have decayed is still too large for a nearly deterministic policy:
one update undoes the run. Here the rate rises towards the end instead.
"""

from __future__ import annotations

from dataclasses import replace

from ppo_doctor.train.config import Config, Schedule
from ppo_doctor.train.fault import Fault


def config(config: Config, strength: float) -> Config:
    """The learning rate rises linearly to `strength`."""
    return replace(config, learning_rate=Schedule(config.learning_rate.start, strength, "linear"))


FAULT = Fault("overshoot", "config", "late updates move the policy too far", (0.05, 0.02), config=config)
