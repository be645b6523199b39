"""Fault: actions are sampled at far too high a temperature.

The temperature is wired correctly (in the log-probability, too), but nearly uniform play is all that is ever seen. It
looks like an entropy bonus that is too high: entropy near its maximum throughout, a better greedy policy.
"""

from __future__ import annotations

from dataclasses import replace

from ppo_doctor.train.config import Config, constant
from ppo_doctor.train.fault import Fault


def config(config: Config, strength: float) -> Config:
    """A constant sampling temperature of `strength`."""
    return replace(config, temperature=constant(strength))


FAULT = Fault("entropy-bonus-too-high", "config", "actions are sampled far too hot", (20.0, 5.0), config=config)
