"""Values over training progress, the stagnation detector and the temperature pulse it fires."""

from __future__ import annotations

import dataclasses
import math
from typing import Literal

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from ppo_doctor.errors import UserError
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


def check(name: str, schedule: Schedule, sign: Literal["any", "not negative", "above 0"] = "any") -> None:
    """Raise `UserError` for a schedule without a finite value at some progress, or of another sign than it must be."""
    ends = (schedule.start,) if schedule.kind == "constant" else (schedule.start, schedule.end)
    if not all(map(math.isfinite, ends)):
        raise UserError(f"{name} must be finite throughout training")
    if not schedule.until > 0:
        raise UserError(f"{name}.until must be above 0: it is a share of training")
    if schedule.kind == "exponential" and min(ends) <= 0:
        raise UserError(f"{name} of kind exponential must start and end above 0; use linear or cosine to reach 0")
    if sign == "above 0" and min(ends) <= 0:
        raise UserError(f"{name} must be above 0 throughout training")
    if sign == "not negative" and min(ends) < 0:
        raise UserError(f"{name} must not be negative at any time of training")


def check_curriculum(curriculum: Curriculum, env: AbstractEnv) -> None:
    """Raise `UserError` unless the curriculum moves a real number of `env`."""
    check("curriculum.schedule", curriculum.schedule)
    kind, fields = type(env).__name__, {field.name: field for field in dataclasses.fields(env)}
    if curriculum.field not in fields:
        raise UserError(f"curriculum field {curriculum.field!r} is not a field of {kind}; it has {', '.join(fields)}")
    value, static = getattr(env, curriculum.field), fields[curriculum.field].metadata.get("static", False)
    if static or not (eqx.is_inexact_array_like(value) and jnp.ndim(value) == 0):
        raise UserError(f"curriculum field {curriculum.field!r} of {kind} is not a real number that may change")


def staged(curriculum: Curriculum | None, env: AbstractEnv, progress: Float[Array, ""]) -> AbstractEnv:
    """The environment at this progress; no recompile, since the field is an array."""
    if curriculum is None:
        return env
    value = jnp.asarray(at(curriculum.schedule, progress), jnp.float32)
    return eqx.tree_at(lambda e: getattr(e, curriculum.field), env, value)
