"""Fault: the value loss uses up the whole gradient clip.

Actor and critic share the global gradient clip. A huge value gradient is clipped, and the policy's share with it to
nothing: the actor's step falls below the epsilon of Adam. The critic learns well, the policy not at all.
"""

from __future__ import annotations

from dataclasses import replace

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault


def config(config: Config, strength: float) -> Config:
    """A value coefficient of `strength`."""
    return replace(config, vf_coef=strength)


FAULT = Fault("value-coef-too-high", "config", "the value loss uses up the gradient clip", (1e6, 1e4), config=config)
