"""Fault: the learning rate is far too high.

A value copied from another optimiser or another task. KL and clip fraction are large in every update, the policy
becomes deterministic in something arbitrary, and the critic's loss jumps.
"""

from __future__ import annotations

from dataclasses import replace

from ppo_doctor.train.config import Config, constant
from ppo_doctor.train.fault import Fault


def config(config: Config, strength: float) -> Config:
    """A constant learning rate of `strength`."""
    return replace(config, learning_rate=constant(strength))


FAULT = Fault("learning-rate-too-high", "config", "the learning rate is far too high", (0.1, 0.03), config=config)
