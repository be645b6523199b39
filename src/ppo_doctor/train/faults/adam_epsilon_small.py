"""Harmless mutant: the epsilon of Adam from its paper.

1e-8 instead of 1e-5: detail 3 of Huang et al. 2022, without a visible effect on tasks of this size.
"""

from __future__ import annotations

from dataclasses import replace

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault


def config(config: Config, strength: float) -> Config:
    """An epsilon of `strength`."""
    return replace(config, adam_eps=strength)


FAULT = Fault("", "config", "the epsilon of Adam is that of its paper", (1e-8,), config=config)
