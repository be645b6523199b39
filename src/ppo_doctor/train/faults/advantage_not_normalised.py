"""Fault: advantages reach the surrogate in raw units of the reward.

The default of most code is to standardise; where it is lost, the balance between policy gradient, entropy bonus and
gradient clip depends on the scale of the reward. With small rewards the bonus wins, with large ones the bonus is
nothing. Where neither matters the fault is silent.
"""

from __future__ import annotations

from dataclasses import replace

from jaxtyping import Array

from ppo_doctor.train.fault import Fault
from ppo_doctor.train.learner import Parts


def parts(parts: Parts, strength: float) -> Parts:
    """Advantages times `strength`, not standardised."""

    def standardise(x: Array) -> Array:
        return strength * x

    return replace(parts, standardise=standardise)


FAULT = Fault("advantage-not-normalised", "learner", "advantages are not standardised", (1.0, 0.01, 100.0), parts=parts)
