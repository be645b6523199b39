"""Fault: the entropy bonus outweighs the reward.

Seen at 0.15 to 0.5 (a coefficient meant for unnormalised rewards). Entropy stays at its maximum because it is paid
for; the advantage, standardised, cannot outbid it.
"""

from __future__ import annotations

from dataclasses import replace

from ppo_doctor.train.config import Config, constant
from ppo_doctor.train.fault import Fault


def config(config: Config, strength: float) -> Config:
    """A constant entropy coefficient of `strength`."""
    return replace(config, ent_coef=constant(strength))


FAULT = Fault("entropy-bonus-too-high", "config", "the entropy bonus outweighs the reward", (1.0, 0.3), config=config)
