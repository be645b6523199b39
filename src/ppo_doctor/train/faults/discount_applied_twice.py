"""Fault: the discount is applied more than once.

In the recursion of the return *and* in the reward, or once per environment substep instead of once per decision: the
configured 0.99 acts as a much shorter horizon, and nothing in the configuration shows it.
"""

from __future__ import annotations

from dataclasses import replace

from ppo_doctor.train.config import Config
from ppo_doctor.train.env import AbstractEnv
from ppo_doctor.train.fault import Fault
from ppo_doctor.train.learner import Parts
from ppo_doctor.train.rollout import Rollout


def parts(parts: Parts, strength: float) -> Parts:
    """The discount in use is the configured one to the power `strength`."""

    def estimate(config: Config, seen: Rollout):
        return parts.estimate(replace(config, gamma=config.gamma**strength), seen)

    return replace(parts, estimate=estimate)


def _suits(env: AbstractEnv, config: Config) -> bool:
    del env
    return 0.0 < config.gamma < 1.0


FAULT = Fault(
    "discount-too-low", "learner", "the discount is applied more than once", (50.0, 10.0), suits=_suits, parts=parts
)
