"""Open set: one environment a file; the file name is the registry entry (`envs.make(name)`)."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING, Any

from ppo_doctor.errors import UserError

if TYPE_CHECKING:
    from ppo_doctor.train.env import AbstractEnv


def names() -> list[str]:
    """Names of all environments, sorted. Imports none of them."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def module(name: str) -> Any:
    """The module of environment `name`. Raises `KeyError` with the known names for an unknown one."""
    if name not in names():
        raise KeyError(f"unknown environment {name!r}; known: {', '.join(names())}")
    return importlib.import_module(f"{__name__}.{name}")


def make(name: str, *, split: str = "train", **params: Any) -> AbstractEnv:
    """Environment `name` with the given parameters, on the `train`, `validation` or `report` part of its data.

    Raises `UserError` for a time limit that leaves no step.
    """
    if params.get("max_steps", 1) < 1:
        raise UserError(f"max_steps must be at least 1, not {params['max_steps']}")
    return module(name).make(split=split, **params)


def max_steps(name: str, env: AbstractEnv) -> int:
    """Bound on the length of an episode of environment `name`: the environment's own, or its module's."""
    return getattr(env, "max_steps", module(name).MAX_STEPS)
