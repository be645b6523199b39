"""Fault: the budget is too small.

The curve still rises when the run ends. Nothing is wrong with the learner; more steps are the remedy.
"""

from __future__ import annotations

from dataclasses import replace

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault


def config(config: Config, strength: float) -> Config:
    """`strength` times the budget."""
    return replace(config, total_steps=max(config.rollout_rows, int(config.total_steps * strength)))


FAULT = Fault("still-improving", "config", "training stops long before it is done", (0.1, 0.2), config=config)
