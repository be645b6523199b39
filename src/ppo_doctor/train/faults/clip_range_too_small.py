"""Fault: the clip range allows next to no change.

After one small step every ratio is outside the range and every gradient zero: clip fraction near one, KL near zero.
"""

from __future__ import annotations

from dataclasses import replace

from ppo_doctor.train.config import Config, constant
from ppo_doctor.train.fault import Fault


def config(config: Config, strength: float) -> Config:
    """A constant clip range of `strength`."""
    return replace(config, clip_coef=constant(strength))


FAULT = Fault(
    "clip-range-too-small", "config", "the clip range allows next to no change", (0.0005, 0.005), config=config
)
