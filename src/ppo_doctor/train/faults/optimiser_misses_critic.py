"""Fault: the optimiser does not hold the critic.

The optimiser was built from `policy.parameters()`, and the critic is another module. The value loss is computed and
has a gradient, and nothing moves: explained variance stays at zero while the gradient norm is large.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import equinox as eqx

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault
from ppo_doctor.train.learner import Parts


def parts(parts: Parts, strength: float) -> Parts:
    """The critic stays as it is."""
    del strength

    def step(config: Config, model: Any, state: Any, *rest: Any):
        moved, state = parts.step(config, model, state, *rest)
        return eqx.tree_at(lambda m: m.critic, moved, model.critic), state

    return replace(parts, step=step)


FAULT = Fault("optimiser-misses-parameters", "learner", "the optimiser does not hold the critic", parts=parts)
