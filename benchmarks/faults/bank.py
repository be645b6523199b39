"""All variants of one world in one compiled program: faults are branches, numbers are arguments.

Compiling costs more than training here, and almost everything of an update is the same whatever was injected. So an
environment's change is `Altered.which`, a replaced function of the learner is a branch of a switch, and the real
numbers of the configuration are arrays. The index is the same for all seeds, so only the chosen branch runs.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
from benchmarks.faults.worlds import World
from jaxtyping import Array

from ppo_doctor.train import audit, ppo
from ppo_doctor.train.altered import Altered, Change
from ppo_doctor.train.config import Config, Curriculum, Schedule
from ppo_doctor.train.env import AbstractEnv
from ppo_doctor.train.fault import find, inject, names
from ppo_doctor.train.learner import HEALTHY, Parts

SCHEDULES = ("learning_rate", "clip_coef", "ent_coef", "temperature")
NUMBERS = ("gamma", "gae_lambda", "vf_coef", "max_grad_norm", "adam_eps", "critic_learning_rate")
COMPILER: dict[str, Any] = {"xla_llvm_disable_expensive_passes": True, "xla_backend_optimization_level": 1}
"""Half the time to compile; training is little of the whole."""
HOST = ("evaluated", "report")
"""Parts that are called outside the compiled update."""


@dataclass(frozen=True, eq=False)
class Variant:
    """A world with one fault in it, ready for the program."""

    fault: str
    """Empty for the control."""
    strength: float
    cause: str
    kind: str
    env: Altered
    config: Config
    parts: Parts


def variants(world: World, only: Sequence[str] = ()) -> list[Variant]:
    """The control, and every fault (of `only`, if given) that suits the world at each of its strengths."""
    plain = world.make()
    found = [Variant("", 0.0, "", "control", _still(plain), world.config, HEALTHY)]
    for name in only or names():
        fault = find(name)
        elsewhere = fault.baselines is not None or fault.validation is not None  # nothing here passes through them
        if elsewhere or not fault.suits(plain, world.config):
            continue
        for strength in fault.strengths:
            env, config, parts = inject(fault, plain, world.config, strength)
            env = env if isinstance(env, Altered) else _still(env)
            found.append(Variant(name, strength, fault.cause, fault.kind, env, config, parts))
    return found


def _still(env: AbstractEnv) -> Altered:
    return Altered(env, jnp.ones(()), jnp.zeros((), jnp.int32), (Change(),))


# --- environments ---


def changes(every: Sequence[Variant]) -> tuple[Change, ...]:
    """The changes that can be branches of one another: those that keep the shapes of the first variant's view."""
    like = _shapes(every[0].env)
    fit = [variant.env for variant in every if isinstance(variant.env, Altered) and _shapes(variant.env) == like]
    return tuple(dict.fromkeys(change for env in fit for change in env.changes))


def _shapes(env: AbstractEnv) -> Any:
    view = jax.eval_shape(lambda key: env.reset(env.draw(key))[1], jax.random.key(0))
    return [(leaf.shape, leaf.dtype) for leaf in jax.tree.leaves(view)], jax.tree.structure(view)


def place(env: AbstractEnv, every: tuple[Change, ...]) -> AbstractEnv:
    """The same environment as one branch of all changes; itself if it is none of them."""
    if not isinstance(env, Altered) or env.changes[0] not in every:
        return env
    which = jnp.asarray(every.index(env.changes[0]), jnp.int32)
    return Altered(env.env, env.strength, which, every)


# --- functions of the learner ---


def switched(every: tuple[Parts, ...], which: Array) -> Parts:
    """`every[which]`, as parts whose functions choose among the distinct ones."""
    chosen = {}
    for field in dataclasses.fields(Parts):
        options = [getattr(parts, field.name) for parts in every]
        distinct = list(dict.fromkeys(options))
        if field.name in HOST or len(distinct) == 1:
            chosen[field.name] = getattr(HEALTHY, field.name) if field.name in HOST else distinct[0]
        else:
            table = jnp.asarray([distinct.index(option) for option in options])
            chosen[field.name] = _switch(distinct, table[which])
    return Parts(**chosen)


def _switch(options: list[Callable[..., Any]], place: Array) -> Callable[..., Any]:
    def choose(*arguments: Any, **named: Any) -> Any:
        return jax.lax.switch(place, [_strict(option, arguments, named) for option in options])

    return choose


def _strict(option: Callable[..., Any], arguments: Any, named: Any) -> Callable[[], Any]:
    """A call without weak types, in which branches may differ by accident."""

    def settle(x: Any) -> Any:
        x = jnp.asarray(x)
        return x if jnp.issubdtype(x.dtype, jax.dtypes.prng_key) else jax.lax.convert_element_type(x, x.dtype)

    return lambda: jax.tree.map(settle, option(*arguments, **named))


# --- configurations ---


def template(world: World, config: Config) -> Config:
    """`config` with the world's own number wherever a number is an argument of the program."""
    base = world.config
    numbers = {name: getattr(base, name) for name in NUMBERS}
    lines = {name: Schedule(1.0, 1.0, "linear") for name in SCHEDULES if _straight(getattr(config, name))}
    network = replace(config.network, log_std=base.network.log_std, init_scale=base.network.init_scale)
    curriculum = Curriculum("strength", Schedule(1.0, 1.0, "linear"))
    return replace(
        config, **numbers, **lines, network=network, curriculum=curriculum, total_steps=base.total_steps,
    )  # fmt: skip


def _straight(schedule: Schedule) -> bool:
    return schedule.kind in ("constant", "linear")


def arguments(config: Config, strength: float, n_updates: int) -> dict[str, Any]:
    """The numbers of `config` that the program takes; a run of fewer updates than `n_updates` is faster schedules."""
    pace = config.n_updates / n_updates
    found: dict[str, Any] = {name: float(getattr(config, name)) for name in NUMBERS}
    for name in SCHEDULES:
        one = getattr(config, name)
        end = one.start if one.kind == "constant" else one.end
        found[name] = (float(one.start), float(end), one.until * pace)
    moved = config.curriculum.schedule if config.curriculum else Schedule(strength, strength, "linear")
    found["curriculum"] = (float(moved.start), float(moved.end), moved.until * pace)
    return jax.tree.map(lambda x: jnp.asarray(x, jnp.float32), found)


def filled(config: Config, given: dict[str, Any]) -> Config:
    """The template with traced numbers in it."""
    lines = {
        name: Schedule(*given[name][:2], "linear", given[name][2])
        for name in SCHEDULES
        if _straight(getattr(config, name))
    }
    assert config.curriculum is not None
    curriculum = replace(
        config.curriculum, schedule=Schedule(*given["curriculum"][:2], "linear", given["curriculum"][2])
    )
    return replace(config, **{name: given[name] for name in NUMBERS}, **lines, curriculum=curriculum)


@functools.partial(jax.jit, static_argnums=(0, 1), donate_argnums=5, compiler_options=COMPILER)
def update(config: Config, every: tuple[Parts, ...], which: Array, given: Any, env: AbstractEnv, learners: Any) -> Any:
    """`ppo.update_one` of stacked learners, with `every[which]` and the numbers `given`."""

    def one(learner: Any) -> Any:
        return ppo.update_one(filled(config, given), env, learner, switched(every, which))

    return jax.vmap(one)(learners)


@functools.partial(jax.jit, static_argnums=(0, 1), compiler_options=COMPILER)
def gather(config: Config, every: tuple[Parts, ...], which: Array, given: Any, env: AbstractEnv, learner: Any) -> Any:
    """`audit.gather` of one learner, with `every[which]` and the numbers `given`."""
    return audit.gather(filled(config, given), switched(every, which), env, learner)


def strength_of(env: AbstractEnv) -> float:
    """The strength that a change has outside a curriculum."""
    return float(env.strength) if isinstance(env, Altered) else 1.0


def inside(env: AbstractEnv, wrap: Callable[[AbstractEnv], AbstractEnv]) -> AbstractEnv:
    """`env` with `wrap` around the environment that is altered."""
    return eqx.tree_at(lambda e: e.env, env, wrap(env.env)) if isinstance(env, Altered) else wrap(env)
