"""Fault: schedules are configured and never applied.

purejaxrl commit c05f88b, mesozoic-labs pull request 397: the annealing flag is read by nobody, or tied to another one.
Every coefficient keeps its first value; a run that should have settled stays noisy at the end.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jax.numpy as jnp

from ppo_doctor.train.config import Config
from ppo_doctor.train.env import AbstractEnv
from ppo_doctor.train.fault import Fault
from ppo_doctor.train.learner import Parts


def parts(parts: Parts, strength: float) -> Parts:
    """Coefficients are those of the first update."""
    del strength

    def knobs(config: Config, controls: Any):
        return parts.knobs(config, controls._replace(update=jnp.zeros_like(controls.update)))

    return replace(parts, knobs=knobs)


def _suits(env: AbstractEnv, config: Config) -> bool:
    del env
    return config.learning_rate.kind != "constant"


FAULT = Fault("schedule-not-applied", "learner", "schedules are never applied", suits=_suits, parts=parts)
