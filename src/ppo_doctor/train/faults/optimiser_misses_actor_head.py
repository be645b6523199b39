"""Fault: the optimiser does not hold the actor's output layer.

A head that was created after the optimiser, or replaced when the action space became known. The layers below still
learn around a random head: learning is slow rather than absent.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import equinox as eqx

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault
from ppo_doctor.train.learner import Parts


def _head(model: Any) -> Any:
    """The actor's output layer, of a tower or of a scorer."""
    return getattr(model.actor, "head", model.actor).last


def parts(parts: Parts, strength: float) -> Parts:
    """The actor's output layer stays as it is."""
    del strength

    def step(config: Config, model: Any, state: Any, *rest: Any):
        moved, state = parts.step(config, model, state, *rest)
        return eqx.tree_at(_head, moved, _head(model)), state

    return replace(parts, step=step)


FAULT = Fault(
    "optimiser-misses-parameters", "learner", "the optimiser does not hold the actor's output layer", parts=parts
)
