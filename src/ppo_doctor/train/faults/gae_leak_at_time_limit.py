"""Fault: a time limit is no boundary for the advantage, which leaks into the episode before it.

skrl issue 449: terminations are honoured, truncations bootstrap rightly and then let the trace of the next episode in.
Advantages near time limits are smeared with another episode's luck.
"""

from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault
from ppo_doctor.train.faults.gae_leak import leaking
from ppo_doctor.train.learner import Parts
from ppo_doctor.train.rollout import Rollout


def parts(parts: Parts, strength: float) -> Parts:
    """The trace passes truncations with weight `strength`."""

    def estimate(config: Config, seen: Rollout):
        passing = jnp.where(seen.truncated, strength, 1.0 - seen.terminated)
        return leaking(config, seen, passing)

    return replace(parts, estimate=estimate)


FAULT = Fault("gae-leak", "learner", "advantages leak across time limits", parts=parts)
