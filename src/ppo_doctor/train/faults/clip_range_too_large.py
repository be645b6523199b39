"""Fault: the clip range restrains nothing.

The clip is the only trust region that PPO has. Without it, all passes over a rollout pull at the policy unrestrained;
with a moderate learning rate the return climbs and breaks down again.
"""

from __future__ import annotations

from dataclasses import replace

from ppo_doctor.train.config import Config, constant
from ppo_doctor.train.fault import Fault


def config(config: Config, strength: float) -> Config:
    """A constant clip range of `strength`."""
    return replace(config, clip_coef=constant(strength))


FAULT = Fault("clip-range-too-large", "config", "the clip range restrains nothing", (10.0, 1.0), config=config)
