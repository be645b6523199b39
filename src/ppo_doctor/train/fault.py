"""What a fault is: one bug that really happens, put into healthy code from outside, at a chosen strength.

    env, config, parts = inject(find("loss_sign_wrong"), envs.make("cartpole"), config)
    for learner, signals in ppo.train(config, env, seed=0, parts=parts): ...

Faults of the evaluation replace `parts.evaluated` (the agent that is played) or `parts.report` (the row that is
written down); whoever evaluates calls them.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool

from ppo_doctor.errors import UserError
from ppo_doctor.train import faults
from ppo_doctor.train.config import Config
from ppo_doctor.train.env import AbstractEnv, Box
from ppo_doctor.train.learner import HEALTHY, Parts


def everywhere(env: AbstractEnv, config: Config) -> bool:
    """Suits any environment."""
    del env, config
    return True


def real_actions(env: AbstractEnv, config: Config) -> bool:
    """Suits real-valued actions."""
    del config
    return isinstance(env.space, Box)


def choices(env: AbstractEnv, config: Config) -> bool:
    """Suits actions that are choices."""
    return not real_actions(env, config)


def several_agents(env: AbstractEnv, config: Config) -> bool:
    """Suits environments in which several agents act."""
    del config
    return env.num_agents > 1


def masked(env: AbstractEnv, config: Config) -> bool:
    """Suits environments that forbid something in one of a few first states."""
    del config
    if isinstance(env.space, Box):
        return False
    keys = jax.random.split(jax.random.key(0), 16)
    return not bool(jnp.all(jax.vmap(lambda key: env.reset(env.draw(key))[1].mask)(keys)))


def share(strength: float, n: int, ndim: int) -> Bool[Array, "n ..."]:
    """True for the share `strength` of n rows, evenly spread; below 1, at least one is left out. With `ndim` axes, to
    select whole rows."""
    count = n if strength >= 1.0 else min(max(1, round(strength * n)), n - 1)
    rank = np.argsort(np.argsort(np.arange(n) * 0.618034 % 1.0))
    return jnp.asarray(rank < count).reshape(n, *[1] * (ndim - 1))


@dataclass(frozen=True)
class Fault:
    """One bug. What it leaves unchanged is None."""

    cause: str
    """The cause it belongs to, an id of the doctor's vocabulary; "" for a harmless mutant."""
    kind: Literal["env", "learner", "config", "evaluation"]
    """Where it sits."""
    what: str
    """The bug in one line, without a full stop."""
    strengths: tuple[float, ...] = (1.0,)
    """Strengths worth trying; the first is the default. Their meaning is the fault's own."""
    suits: Callable[[AbstractEnv, Config], bool] = everywhere
    """Whether the fault can be expressed in this environment under this configuration."""
    env: Callable[[Any, float], AbstractEnv] | None = None
    """(environment, strength) -> faulty environment."""
    config: Callable[[Config, float], Config] | None = None
    """(configuration, strength) -> faulty configuration."""
    parts: Callable[[Parts, float], Parts] | None = None
    """(learner's functions, strength) -> faulty ones."""
    validation: Callable[[Any, Any, float], AbstractEnv] | None = None
    """(training environment, held-out one, strength) -> what is evaluated on."""
    baselines: Callable[[Any, float], dict[str, Any]] | None = None
    """(environment, strength) -> the faulty ones among the policies it is compared with."""

    @property
    def harmless(self) -> bool:
        """Whether it only looks like a bug: a doctor that names a cause raises a false alarm."""
        return not self.cause


def names() -> list[str]:
    """Names of all faults, sorted: the files of `faults/`."""
    return sorted(module.name for module in pkgutil.iter_modules(faults.__path__))


def find(name: str) -> Fault:
    """The fault `name`. Raises `UserError` for an unknown one."""
    if name not in names():
        raise UserError(f"unknown fault {name!r}; known: {', '.join(names())}")
    return importlib.import_module(f"{faults.__name__}.{name}").FAULT


def inject(
    fault: Fault, env: AbstractEnv, config: Config, strength: float | None = None, parts: Parts = HEALTHY
) -> tuple[AbstractEnv, Config, Parts]:
    """The three with the fault in them. Raises `UserError` where it cannot be expressed."""
    if not fault.suits(env, config):
        raise UserError(f"the fault ({fault.what}) cannot be expressed in {type(env).__name__} with this configuration")
    strength = fault.strengths[0] if strength is None else strength
    changed = env if fault.env is None else fault.env(env, strength)
    settings = config if fault.config is None else fault.config(config, strength)
    return changed, settings, parts if fault.parts is None else _replaced(fault, parts, strength)


@functools.cache
def _replaced(fault: Fault, parts: Parts, strength: float) -> Parts:
    """Kept, so that the same fault gives the same functions: a compiled update is found again by them."""
    assert fault.parts is not None
    return fault.parts(parts, strength)
