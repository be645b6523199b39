"""Fault: the rollout is bootstrapped with the value of its last stored observation, not of the newest one.

Stable-Baselines3 fixed this in commit fc95271; a load balancer had it too. A small bias of the last steps that no
curve shows and only recomputation finds. With rollouts of a few steps it is no longer small.
"""

from __future__ import annotations

from dataclasses import replace

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault
from ppo_doctor.train.learner import Parts
from ppo_doctor.train.rollout import Rollout


def parts(parts: Parts, strength: float) -> Parts:
    """V(s_T) stands where V(s_T+1) belongs."""
    del strength

    def estimate(config: Config, seen: Rollout):
        stale = seen.next_value.at[-1].set(seen.value[-1])
        return parts.estimate(config, seen._replace(next_value=stale))

    return replace(parts, estimate=estimate)


FAULT = Fault("no-bootstrap", "learner", "the last step bootstraps from the value of its own observation", parts=parts)
