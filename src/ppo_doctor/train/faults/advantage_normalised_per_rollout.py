"""Harmless mutant: advantages are standardised over the rollout instead of over each minibatch.

Both are common; Andrychowicz et al. 2021 found no difference.
"""

from __future__ import annotations

from dataclasses import replace

from jaxtyping import Array

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault
from ppo_doctor.train.learner import Parts
from ppo_doctor.train.loss import standardised
from ppo_doctor.train.rollout import Rollout


def parts(parts: Parts, strength: float) -> Parts:
    """Standardises the whole array once; the critic's targets stay as they are."""
    del strength

    def estimate(config: Config, seen: Rollout):
        advantage, target = parts.estimate(config, seen)
        return standardised(advantage), target

    def standardise(x: Array) -> Array:
        return x

    return replace(parts, estimate=estimate, standardise=standardise)


FAULT = Fault("", "learner", "advantages are standardised per rollout", parts=parts)
