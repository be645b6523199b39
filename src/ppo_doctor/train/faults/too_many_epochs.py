"""Fault: each rollout is passed over far too often.

Seen as 30 where the paper has 4. The policy overfits each rollout: KL and clip fraction grow with every pass, the
critic memorises, and the return oscillates.
"""

from __future__ import annotations

from dataclasses import replace

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault


def config(config: Config, strength: float) -> Config:
    """`strength` times as many epochs."""
    return replace(config, n_epochs=int(config.n_epochs * strength))


FAULT = Fault("too-many-epochs", "config", "each rollout is passed over far too often", (10.0, 4.0), config=config)
