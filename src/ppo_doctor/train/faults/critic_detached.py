"""Fault: the value loss has no path back to the critic.

A `detach`, a `no_grad` or a stale copy in the wrong place: the value loss is computed, logged and moves nothing. The
critic stays what it was at the start; advantages are returns with a wrong constant.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jax

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault
from ppo_doctor.train.learner import Parts


def parts(parts: Parts, strength: float) -> Parts:
    """A share `strength` of the trained error is a constant to the gradient."""

    def value(config: Config, model: Any, norms: Any, batch: Any, knobs: Any):
        trained, error = parts.value(config, model, norms, batch, knobs)
        return strength * jax.lax.stop_gradient(trained) + (1.0 - strength) * trained, error

    return replace(parts, value=value)


FAULT = Fault("critic-detached", "learner", "the value loss has no gradient", parts=parts)
