"""Conformance suite of faults: what every fault must satisfy, each law a function that raises `AssertionError`.

A third party's test is two lines:

    @pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
    def test_my_fault(law): law(my_module)

Updates run uncompiled: sixty programs would take minutes to compile, and each is run for a few tiny rollouts only.
"""

from __future__ import annotations

import functools
import math
import types
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ppo_doctor.train import envs, ppo, rollout
from ppo_doctor.train.config import Config, Network, Schedule, constant
from ppo_doctor.train.env import AbstractEnv
from ppo_doctor.train.evaluate import Agent
from ppo_doctor.train.fault import Fault, inject
from ppo_doctor.train.learner import HEALTHY, Learner, Parts, Row

Law = Callable[[types.ModuleType], None]
CHANGES = ("env", "config", "parts", "validation", "baselines")
HOSTS: dict[str, dict[str, Any]] = {
    "cartpole": {"max_steps": 3},
    "pendulum": {},
    "probe_agents": {},
    "probe_mask": {},
    "probe_continuous": {},
}
"""Where a fault is tried, in this order: time limits, real actions, several agents, masks, bounds within reach."""
BIG: dict[str, dict[str, Any]] = {"batch_jobs": {"window": 4, "n_jobs": 8, "slots": 16}}
"""Where a fault is tried that suits none of those."""
TINY = Config(
    total_steps=640,
    n_envs=4,
    n_steps=4,
    batch_size=8,
    n_epochs=2,
    learning_rate=Schedule(0.02, 0.0, "linear"),
    ent_coef=constant(0.01),
    normalize_obs=True,
    signals=False,
    network=Network(actor=(8,), critic=(8,)),
)
ITEMS = replace(TINY, normalize_obs=False, network=Network(kind="scorer", actor=(8,), critic=(8,)))
"""The same for an environment that shows items."""
HARMLESS = 4.0
"""Largest factor between what a harmless mutant and the control move the parameters by, over one update."""
EVALUATED: tuple[Row, ...] = (
    {
        "eval_mean_return": 30.0,
        "eval_block0_return": 36.0,
        "mean_ep_return": 25.0,
        "return_mean": 9.0,
        "n_episodes": 4.0,
    },
    {
        "eval_mean_return": 20.0,
        "eval_block0_return": 12.0,
        "mean_ep_return": 27.0,
        "return_mean": 8.0,
        "n_episodes": 5.0,
    },
)
"""Two rows of a run whose return has fallen: what a faulty report is fed with."""


def is_documented(module: types.ModuleType) -> None:
    """The file says what the bug is; the record holds a line, a place, and strengths that are numbers."""
    fault, page = module.FAULT, (module.__doc__ or "").strip()
    title = page.partition("\n\n")[0]
    assert title.startswith("Harmless" if fault.harmless else "Fault: "), f"the page begins with {title!r}"
    assert title.endswith("."), f"the page's first sentence does not end: {title!r}"
    assert len(page.split()) >= 10, "the page does not say what happens"
    assert fault.what, "`what` is empty"
    assert not fault.what.endswith("."), f"`what` is a line without a full stop, not {fault.what!r}"
    assert fault.kind in ("env", "learner", "config", "evaluation"), f"unknown kind {fault.kind!r}"
    assert fault.strengths, "there is no strength"
    assert all(math.isfinite(x) for x in fault.strengths), f"strengths are {fault.strengths}"
    assert len(set(fault.strengths)) == len(fault.strengths), "a strength is listed twice"


def replaces_something(module: types.ModuleType) -> None:
    """At least one of environment, configuration, functions, held-out data and baselines; and somewhere it suits."""
    fault = module.FAULT
    assert any(getattr(fault, name) is not None for name in CHANGES), "the fault changes nothing"
    assert _hosts(fault), "no known environment suits"


def the_default_strength_has_its_effect(module: types.ModuleType) -> None:
    """Somewhere it suits, the learner, the evaluation or the report differs from the control's, and stays finite."""
    _expect_effect(module.FAULT, module.FAULT.strengths[0])


def every_other_strength_has_its_effect(module: types.ModuleType) -> None:
    """The same at the strengths that are not the default."""
    for strength in module.FAULT.strengths[1:]:
        _expect_effect(module.FAULT, strength)


def harmless_ones_move_as_the_control(module: types.ModuleType) -> None:
    """A harmless mutant moves the parameters about as far as the control does."""
    fault = module.FAULT
    if fault.harmless:
        name = _hosts(fault)[0]
        (start, after), (mutant_start, mutant) = _updates(name, None, 0.0), _updates(name, fault, fault.strengths[0])
        ratio = _distance(mutant_start, mutant) / _distance(start, after)
        assert 1 / HARMLESS < ratio < HARMLESS, f"the mutant moves {ratio} times as far as the control"


LAWS: tuple[Law, ...] = (
    is_documented,
    replaces_something,
    the_default_strength_has_its_effect,
    every_other_strength_has_its_effect,
    harmless_ones_move_as_the_control,
)
"""Every law."""


def _expect_effect(fault: Fault, strength: float) -> None:
    assert any(_effect(fault, name, strength) for name in _hosts(fault)), f"no effect at {strength}"


@functools.cache
def _env(name: str) -> AbstractEnv:
    return envs.make(name, **(HOSTS | BIG)[name])


@functools.cache
def _hosts(fault: Fault) -> list[str]:
    """Where the fault suits: the small environments, or the data-driven one if it is made for that."""
    small = [name for name in HOSTS if fault.suits(_env(name), TINY)]
    return small or [name for name in BIG if fault.suits(_env(name), ITEMS)]


def _case(name: str, fault: Fault | None, strength: float) -> tuple[AbstractEnv, Config, Parts]:
    config = ITEMS if name in BIG else TINY
    return (_env(name), config, HEALTHY) if fault is None else inject(fault, _env(name), config, strength)


@functools.cache
def _updates(name: str, fault: Fault | None, strength: float) -> tuple[Learner, Learner]:
    """The learner at first and after one uncompiled update, which must not be refused."""
    env, config, parts = _case(name, fault, strength)
    with jax.disable_jit():
        start = ppo.init(config, env, 0)
        learner, signals = ppo.update_one(config, env, start, parts)
    assert not float(signals["refused"]), f"an update was refused at {strength} in {name}"
    return start, learner


@functools.cache
def _later(name: str, fault: Fault | None, strength: float) -> Learner:
    """The learner after another update, of the middle of the run: some faults begin late."""
    env, config, parts = _case(name, fault, strength)
    before = _updates(name, fault, strength)[1]
    middle = before._replace(controls=before.controls._replace(update=jnp.asarray(config.n_updates // 2)))
    with jax.disable_jit():
        learner, signals = ppo.update_one(config, env, middle, parts)
    assert not float(signals["refused"]), f"an update was refused at {strength} in {name}"
    return learner


def _effect(fault: Fault, name: str, strength: float) -> bool:
    env, config, parts = _case(name, fault, strength)
    if fault.validation is not None:
        held_out = envs.make(name, split="validation", **(HOSTS | BIG)[name])
        return fault.validation(env, held_out, strength) is not held_out
    if fault.baselines is not None:
        return bool(fault.baselines(env, strength))
    if parts.report is not HEALTHY.report:
        return parts.report(EVALUATED) != EVALUATED[-1]
    if parts.evaluated is not HEALTHY.evaluated:
        return _evaluated_differs(parts, env, _updates(name, None, 0.0)[1])
    if replace(config, total_steps=TINY.total_steps) == TINY != config:
        return True  # nothing but the budget
    if _differ(_updates(name, fault, strength)[1], _updates(name, None, 0.0)[1]):
        return True
    return _differ(_later(name, fault, strength), _later(name, None, 0.0))


def _evaluated_differs(parts: Parts, env: AbstractEnv, learner: Learner) -> bool:
    agent = Agent(TINY, env, learner.model, learner.norms, greedy=True)
    other, obs = parts.evaluated(agent), rollout.rows(env, learner.worlds.view).obs
    seen = [one.model.actor(rollout.see(TINY, one.norms, obs)) for one in (agent, other)]
    return not np.array_equal(seen[0], seen[1])


def _differ(one: Learner, other: Learner) -> bool:
    a, b = (jax.tree.leaves((learner.model, learner.norms)) for learner in (one, other))
    return len(a) != len(b) or any(not np.array_equal(x, y) for x, y in zip(a, b, strict=True))


def _distance(before: Learner, after: Learner) -> float:
    """How far the parameters moved."""
    pairs = zip(jax.tree.leaves(before.model), jax.tree.leaves(after.model), strict=True)
    return math.sqrt(sum(float(np.sum((np.asarray(b) - np.asarray(a)) ** 2)) for a, b in pairs))
