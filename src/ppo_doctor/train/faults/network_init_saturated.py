"""Fault: the networks start saturated.

Initial weights far too large (a gain meant for another activation, unscaled inputs folded into the weights): hidden
units sit in the flat of the tanh and have no gradient, and the policy is nearly deterministic before the first
rollout. Entropy is low from the start, and most gradients are tiny.
"""

from __future__ import annotations

from dataclasses import replace

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault


def config(config: Config, strength: float) -> Config:
    """All weights of the actor and the critic start `strength` times as large."""
    return replace(config, network=replace(config.network, init_scale=strength))


FAULT = Fault("network-init-saturated", "config", "the networks start saturated", (30.0, 10.0), config=config)
