"""Harmless mutant: one more pass over each rollout.

A quarter more steps on the same data.
"""

from __future__ import annotations

from dataclasses import replace

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault


def config(config: Config, strength: float) -> Config:
    """`strength` more passes."""
    return replace(config, n_epochs=config.n_epochs + int(strength))


FAULT = Fault("", "config", "one more pass over each rollout", (1.0,), config=config)
