"""Fault: the minibatch is as large as the rollout.

A minibatch size above the rollout's is cut to it, with a warning at best: one gradient step per pass. Ours refuses to
start then, so the fault is the largest minibatch that is allowed. Learning is slow in proportion.
"""

from __future__ import annotations

from dataclasses import replace

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault


def config(config: Config, strength: float) -> Config:
    """One minibatch a pass, and `strength` times as many passes."""
    return replace(config, batch_size=config.rollout_rows, n_epochs=max(1, int(config.n_epochs * strength)))


FAULT = Fault("batch-larger-than-rollout", "config", "one minibatch is the whole rollout", (0.1, 1.0), config=config)
