"""Harmless mutant: no gradient clip.

Adam divides by the size of the gradient anyway; the clip only matters for outliers.
"""

from __future__ import annotations

from dataclasses import replace

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault


def config(config: Config, strength: float) -> Config:
    """A gradient clip at `strength`, far above any gradient."""
    return replace(config, max_grad_norm=strength)


FAULT = Fault("", "config", "the gradient clip is off", (1e6,), config=config)
