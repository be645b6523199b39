"""Open set: the baselines of one system a file, named as the system; without a file there is only random play."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ppo_doctor.train.env import AbstractEnv


def names() -> list[str]:
    """Systems that have baselines, sorted. Imports none of them."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def module(system: str) -> Any:
    """The module of `system`'s baselines, or None if it has none."""
    return importlib.import_module(f"{__name__}.{system}") if system in names() else None


def policies(system: str, env: AbstractEnv) -> dict[str, Any]:
    """Every baseline of `system` by name, in the order of its table, after the `random` policy over legal actions."""
    from ppo_doctor.train import evaluate

    found = module(system)
    return {"random": evaluate.random_policy(env), **(found.policies(env) if found else {})}


def headline(system: str) -> tuple[str, bool]:
    """(metric the system is judged by, whether less is better); the return where the system names none."""
    found = module(system)
    return getattr(found, "METRIC", "return"), getattr(found, "MINIMISE", False)
