"""Fault: the KL stop ends every update at once.

Float error and one gradient step are enough to cross it: most of the passes that were configured are never made, while
the configuration shows them.
"""

from __future__ import annotations

from dataclasses import replace

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault


def config(config: Config, strength: float) -> Config:
    """A KL stop at `strength` nats."""
    return replace(config, target_kl=strength, target_kl_mode="stop")


FAULT = Fault("target-kl-too-tight", "config", "the KL stop ends every update at once", (1e-6, 1e-5), config=config)
