"""Fault: the epsilon of Adam is far above the size of the gradients.

Adam divides by sqrt(v) + epsilon. With an epsilon far above the size of the gradient the step is the gradient itself,
times the learning rate: thousands of times smaller than meant, while the learning rate reads as usual.
"""

from __future__ import annotations

from dataclasses import replace

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault


def config(config: Config, strength: float) -> Config:
    """An epsilon of `strength`."""
    return replace(config, adam_eps=strength)


FAULT = Fault("learning-rate-too-low", "config", "the epsilon of Adam swallows the step", (10.0, 1.0), config=config)
