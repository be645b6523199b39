"""Open set: the baselines of one system a file, named as the system; without a file there is only random play.

A baseline reads the state, but nothing of it that a sound observation and mask would not show (no run times, no future
arrivals). What lies between the state and the agent cannot mislead it: under a broken observation it does as well as
ever. The one that a module names as its `REFERENCE` is known to be good at what the system is for, so that a reward
under which it does badly is a wrong reward.
"""

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


def reference(system: str, env: AbstractEnv) -> Any:
    """The policy of `system` that is known to be good, in an environment that a change may surround; None without."""
    from ppo_doctor.train.altered import Altered, Beneath

    found = module(system)
    if found is None:
        return None
    inner = env.env if isinstance(env, Altered) else env
    policy = found.policies(inner)[found.REFERENCE]
    return Beneath(policy) if isinstance(env, Altered) else policy


def headline(system: str) -> tuple[str, bool]:
    """(metric the system is judged by, whether less is better); the return where the system names none."""
    found = module(system)
    return getattr(found, "METRIC", "return"), getattr(found, "MINIMISE", False)
