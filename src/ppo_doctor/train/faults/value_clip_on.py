"""Harmless mutant: a value clip that seldom binds.

A clip of a spread of the targets, which seldom binds: no benefit and no harm (Andrychowicz et al. 2021).
"""

from __future__ import annotations

from dataclasses import replace

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault


def config(config: Config, strength: float) -> Config:
    """A value clip of `strength` standard deviations of the targets."""
    return replace(config, clip_range_vf=strength)


FAULT = Fault("", "config", "the value clip is on", (1.0,), config=config)
