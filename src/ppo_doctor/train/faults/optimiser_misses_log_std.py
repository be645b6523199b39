"""Fault: the optimiser does not hold the standard deviation.

A Gaussian's `log_std` as a plain tensor, or a parameter made after the optimiser (ppo_rnd issue 8 had a constant one):
the spread stays as it began, and the entropy coefficient has no effect whatever it is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import equinox as eqx

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault, real_actions
from ppo_doctor.train.learner import Parts


def parts(parts: Parts, strength: float) -> Parts:
    """The standard deviation stays as it is."""
    del strength

    def step(config: Config, model: Any, state: Any, *rest: Any):
        moved, state = parts.step(config, model, state, *rest)
        return eqx.tree_at(lambda m: m.log_std, moved, model.log_std), state

    return replace(parts, step=step)


FAULT = Fault(
    "optimiser-misses-parameters",
    "learner",
    "the optimiser does not hold the standard deviation",
    suits=real_actions,
    parts=parts,
)
