"""Values over training progress, the stagnation detector and the temperature pulse it fires."""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from ppo_doctor.train.config import Curriculum, Schedule
from ppo_doctor.train.env import AbstractEnv


def at(schedule: Schedule, progress: Float[Array, ""]) -> Float[Array, ""]:
    """The schedule's value at training progress in [0, 1]."""
    p = jnp.clip(progress / schedule.until, 0.0, 1.0)
    start, end = schedule.start, schedule.end
    if schedule.kind == "constant":
        return jnp.full((), start)
    if schedule.kind == "linear":
        return start + (end - start) * p
    if schedule.kind == "exponential":
        return start * (end / start) ** p
    return end + (start - end) * 0.5 * (1.0 + jnp.cos(jnp.pi * p))


def stagnant(history: list[float], window: int, threshold: float) -> bool:
    """True when the best of the last `window` evaluations is not above the best before by `threshold` of the spread.

    False until `window` + 1 evaluations exist, and when any of them is not finite: unknown is not stagnant.
    """
    if len(history) <= window:
        return False
    before, recent = history[:-window], history[-window:]
    if not all(abs(x) < float("inf") for x in history):
        return False
    return max(recent) - max(before) <= threshold * (max(history) - min(history))


def staged(curriculum: Curriculum | None, env: AbstractEnv, progress: Float[Array, ""]) -> AbstractEnv:
    """The environment at this progress; no recompile, since the field is an array."""
    if curriculum is None:
        return env
    value = jnp.asarray(at(curriculum.schedule, progress), jnp.float32)
    return eqx.tree_at(lambda e: getattr(e, curriculum.field), env, value)
