"""Fault: the standard deviation of the Gaussian is degenerate from the start.

A raw parameter where its logarithm was meant, or a wrong initial value (rsl_rl commit 596e38c): near zero, the policy
explores nothing and every small step is an enormous KL; far above the bounds, every action is a corner.
"""

from __future__ import annotations

from dataclasses import replace

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault, real_actions


def config(config: Config, strength: float) -> Config:
    """An initial log standard deviation of `strength` [log half ranges]."""
    return replace(config, network=replace(config.network, log_std=strength))


FAULT = Fault(
    "std-degenerate",
    "learner",
    "the Gaussian starts with a degenerate standard deviation",
    (-5.0, 3.0, -3.0),
    suits=real_actions,
    config=config,
)
