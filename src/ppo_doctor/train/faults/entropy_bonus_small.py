"""Harmless mutant: a small entropy bonus.

0.001 per nat: far below what the advantage pays.
"""

from __future__ import annotations

from dataclasses import replace

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault


def config(config: Config, strength: float) -> Config:
    """`strength` more per nat at the start."""
    return replace(config, ent_coef=replace(config.ent_coef, start=config.ent_coef.start + strength))


FAULT = Fault("", "config", "a small entropy bonus is added", (0.001,), config=config)
