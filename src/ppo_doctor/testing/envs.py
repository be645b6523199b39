"""Conformance suite of environments: the laws of `AbstractEnv`, each a function that raises `AssertionError`.

A third party's test is three lines:

    subject = Subject(MyEnv(), max_steps=200)
    @pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
    def test_my_env(law): law(subject)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Key, PyTree

from ppo_doctor.train.env import AbstractEnv, Box, Discrete, MultiDiscrete, Space, Step, View

ENVS, STEPS = 4, 48
FLAGS = ("noop", "avoidable_noop", "feasible", "invalid")


def action_count(space: Space) -> int:
    """Length of the mask: actions of a `Discrete`, all parts' actions of a `MultiDiscrete`, 0 for a `Box`."""
    if isinstance(space, Discrete):
        return space.n
    return sum(space.sizes) if isinstance(space, MultiDiscrete) else 0


def legal_action(key: Key[Array, ""], space: Space, mask: Bool[Array, " actions"]) -> Array:
    """A uniformly random legal action of one agent; the inner 90 % of a `Box`."""
    if isinstance(space, Box):
        low, high = jnp.asarray(space.low), jnp.asarray(space.high)
        return low + (high - low) * jax.random.uniform(key, low.shape, minval=0.05, maxval=0.95)
    if isinstance(space, Discrete):
        return jax.random.categorical(key, jnp.where(mask, 0.0, -jnp.inf)).astype(jnp.int32)
    parts = jnp.split(mask, np.cumsum(space.sizes)[:-1])
    keys = jax.random.split(key, len(parts))
    return jnp.stack([legal_action(k, Discrete(p.shape[0]), p) for k, p in zip(keys, parts, strict=True)])


def random_action(key: Key[Array, ""], env: AbstractEnv, view: View) -> Array:
    """A random legal action of every agent of `env`; no agent axis where there is one agent."""
    if env.num_agents == 1:
        return legal_action(key, env.space, view.mask)
    keys = jax.random.split(key, env.num_agents)
    return jax.vmap(lambda k, mask: legal_action(k, env.space, mask))(keys, view.mask)


@eqx.filter_jit
def reset(env: AbstractEnv, noise: Any) -> tuple[Any, View]:
    """One compiled reset."""
    return env.reset(noise)


@eqx.filter_jit
def advance(env: AbstractEnv, noise: Any, state: Any, action: Array) -> tuple[Any, Step]:
    """One compiled step."""
    return env.step(noise, state, action)


@dataclass(frozen=True)
class Subject:
    """An environment under test. `max_steps`: the promised bound on the length of an episode."""

    env: AbstractEnv
    max_steps: int
    seed: int = 0

    @cached_property
    def play(self) -> tuple[View, Array, Step]:
        """Views, actions and steps [ENVS, STEPS, ...] of random legal play with autoreset."""

        def one(key: Array) -> tuple[View, Array, Step]:
            def body(carry: Any, key: Array) -> tuple[Any, Any]:
                state, view = carry
                noise_key, action_key = jax.random.split(key)
                noise, action = self.env.draw(noise_key), random_action(action_key, self.env, view)
                after, step = self.env.step(noise, state, action)
                over = step.terminated | step.truncated
                fresh = self.env.reset(noise)
                carry = jax.tree.map(lambda a, b: jnp.where(over, a, b), fresh, (after, step.view))
                return carry, (view, action, step)

            first = self.env.reset(self.env.draw(key))
            return jax.lax.scan(body, first, jax.random.split(key, STEPS))[1]

        return jax.device_get(jax.jit(jax.vmap(one))(jax.random.split(jax.random.key(self.seed), ENVS)))

    @cached_property
    def start(self) -> tuple[Any, Any, View, Array]:
        """Noise, first state, first view and a legal action, each with a batch axis [ENVS, ...]."""
        keys = jax.random.split(jax.random.key(self.seed + 1), ENVS)
        noise = jax.vmap(self.env.draw)(keys)
        state, view = jax.vmap(self.env.reset)(noise)
        action = jax.vmap(lambda key, view: random_action(key, self.env, view))(keys, view)
        return noise, state, view, action


def expect(condition: Any, message: str) -> None:
    """Raise `AssertionError(message)` unless the condition holds."""
    if not condition:
        raise AssertionError(message)


def expect_close(a: PyTree, b: PyTree, what: str, exact: bool = False) -> None:
    """Equal structure; equal integers and flags; floats within rounding (or exactly)."""
    expect(jax.tree.structure(a) == jax.tree.structure(b), f"{what}: structures differ")
    for (path, x), y in zip(jax.tree.leaves_with_path(a), jax.tree.leaves(b), strict=True):
        x, y = np.asarray(x), np.asarray(y)
        loose = np.issubdtype(x.dtype, np.floating) and not exact
        same = np.allclose(x, y, rtol=1e-4, atol=1e-5, equal_nan=True) if loose else np.array_equal(x, y)
        expect(same, f"{what}: {jax.tree_util.keystr(path)} is {x} and {y}")


def described(tree: PyTree) -> PyTree:
    """Shape, dtype and weak type of every leaf, as text."""
    return jax.tree.map(lambda x: f"{x.dtype}{list(x.shape)}{' weak' if x.weak_type else ''}", tree)


def first(tree: PyTree, i: int = 0) -> PyTree:
    """Entry i of every leaf."""
    return jax.tree.map(lambda x: x[i], tree)


def shapes_and_types_are_stable(subject: Subject) -> None:
    """State and view after a step are those of a reset (a scan's carry); nothing is 64 bits wide."""
    noise, _, _, action = first(subject.start)
    state, view = jax.eval_shape(subject.env.reset, noise)
    after, step = jax.eval_shape(subject.env.step, noise, state, action)
    for name, a, b in (("state", state, after), ("view", view, step.view)):
        a, b = described(a), described(b)
        expect(a == b, f"the {name} is {a} after a reset and {b} after a step")
    wide = [str(x.dtype) for x in jax.tree.leaves((state, step)) if x.dtype.itemsize > 4]
    expect(not wide, f"64-bit leaves: {wide}")


def the_view_fits_the_spaces(subject: Subject) -> None:
    """The mask has one flag per action, reward, mask and observation lead with the agents, endings are scalars."""
    env, (views, _, steps) = subject.env, subject.play
    lead = (ENVS, STEPS) + ((env.num_agents,) if env.num_agents > 1 else ())
    expect(views.mask.dtype == bool, f"the mask's type is {views.mask.dtype}")
    expect(views.mask.shape == (*lead, action_count(env.space)), f"the mask's shape is {views.mask.shape}")
    expect(steps.reward.shape == lead, f"the reward's shape is {steps.reward.shape}, not {lead}")
    for leaf in jax.tree.leaves(views.obs):
        expect(leaf.shape[: len(lead)] == lead, f"an observation's shape {leaf.shape} does not begin with {lead}")
    for flag in (steps.terminated, steps.truncated):
        expect(flag.dtype == bool and flag.shape == (ENVS, STEPS), f"an ending is {flag.dtype}{flag.shape}")
    for name, metric in steps.metrics.items():
        expect(metric.shape == (ENVS, STEPS), f"metric {name} is no scalar: {metric.shape[2:]}")


def jit_changes_nothing(subject: Subject) -> None:
    """Compiled and uncompiled resets and steps agree."""
    env, (noise, state, _, action) = subject.env, first(subject.start)
    expect_close(reset(env, noise), env.reset(noise), "reset with and without jit")
    inputs = (noise, state, action)
    expect_close(advance(env, *inputs), env.step(*inputs), "step with and without jit")


def vmap_changes_nothing(subject: Subject) -> None:
    """A batch of steps equals the steps one by one."""
    noise, state, _, action = subject.start
    batch = jax.vmap(lambda *inputs: advance(subject.env, *inputs))(noise, state, action)
    for i in range(ENVS):
        alone = advance(subject.env, *first((noise, state, action), i))
        expect_close(alone, first(batch, i), f"step {i} alone and in a batch")


def noise_determines_everything(subject: Subject) -> None:
    """The same key draws the same noise; the same noise gives the same bits."""
    env, key, (noise, state, _, action) = subject.env, jax.random.key(7), first(subject.start)
    expect_close(env.draw(key), env.draw(key), "two draws from one key", exact=True)
    expect_close(reset(env, noise), reset(env, noise), "two equal resets", exact=True)
    inputs = (env, noise, state, action)
    expect_close(advance(*inputs), advance(*inputs), "two equal steps", exact=True)


def something_is_always_legal(subject: Subject) -> None:
    """Every mask (every part's mask) leaves an action; legal play never counts as invalid."""
    space, (views, _, steps) = subject.env.space, subject.play
    if isinstance(space, Box):
        return
    sizes = space.sizes if isinstance(space, MultiDiscrete) else (space.n,)
    for part in np.split(views.mask, np.cumsum(sizes)[:-1], axis=-1):
        expect(part.any(axis=-1).all(), "a view forbids every action")
    expect(not np.any(steps.metrics.get("invalid", 0)), "a legal action was counted as invalid")


def numbers_are_finite(subject: Subject) -> None:
    """Observations, rewards, reward terms and metrics hold no NaN and no infinity; reserved metrics are 0 or 1."""
    _, _, steps = subject.play
    for path, leaf in jax.tree.leaves_with_path(steps):
        expect(np.isfinite(leaf).all(), f"{jax.tree_util.keystr(path)} is not finite")
    for name in FLAGS:
        expect(np.isin(steps.metrics.get(name, 0), (0, 1)).all(), f"reserved metric {name} is neither 0 nor 1")


def the_reward_is_the_sum_of_its_terms(subject: Subject) -> None:
    """To rounding, at every step."""
    _, _, steps = subject.play
    expect(steps.reward_terms, "the reward has no terms")
    total = np.sum([np.asarray(x, np.float64) for x in steps.reward_terms.values()], axis=0)
    scale = np.sum([np.abs(x) for x in steps.reward_terms.values()], axis=0) + 1e-6
    worst = np.max(np.abs(total - steps.reward) / scale)
    expect(worst < 1e-5, f"reward and the sum of its terms differ by up to {worst:.2g} of their size")


def an_end_is_of_one_kind(subject: Subject) -> None:
    """No step is both terminated and truncated."""
    _, _, steps = subject.play
    expect(not (steps.terminated & steps.truncated).any(), "a step is both terminated and truncated")


def only_a_declared_time_limit_cuts(subject: Subject) -> None:
    """A step is truncated only where the environment is `time_limited`."""
    _, _, steps = subject.play
    expect(subject.env.time_limited or not steps.truncated.any(), "episodes are cut, but it is not `time_limited`")


def episodes_end_in_time(subject: Subject) -> None:
    """Random legal play ends within `max_steps`, with never both flags on the way."""
    env, bound = subject.env, subject.max_steps

    def run(key: Array) -> tuple[Array, Array, Array]:
        def body(carry: Any) -> Any:
            count, _, both, state, view = carry
            noise_key, action_key = jax.random.split(jax.random.fold_in(key, count))
            state, step = env.step(env.draw(noise_key), state, random_action(action_key, env, view))
            both = both | (step.terminated & step.truncated)
            return count + 1, step.terminated | step.truncated, both, state, step.view

        no = jnp.zeros((), bool)
        begin = (jnp.zeros((), jnp.int32), no, no, *env.reset(env.draw(key)))
        return jax.lax.while_loop(lambda carry: ~carry[1] & (carry[0] < bound), body, begin)[:3]

    counts, over, both = jax.jit(jax.vmap(run))(jax.random.split(jax.random.key(subject.seed), ENVS))
    expect(over.all(), f"an episode is not over after {bound} steps")
    expect(not both.any(), "a step is both terminated and truncated")
    expect((counts >= 1).all(), "an episode has no step")


def new_parameters_need_no_new_program(subject: Subject) -> None:
    """Other values in the array fields reuse the compiled step (a curriculum must not recompile)."""
    arrays, rest = eqx.partition(subject.env, eqx.is_array)
    noise, state, _, action = first(subject.start)
    traces = []

    @jax.jit
    def step(arrays: AbstractEnv, noise: Any, state: Any, action: Array) -> Any:
        traces.append(1)
        return eqx.combine(arrays, rest).step(noise, state, action)

    step(arrays, noise, state, action)
    step(jax.tree.map(lambda x: x + x.astype(x.dtype) * 0, arrays), noise, state, action)
    expect(len(traces) == 1, f"a change of parameter values compiled the step {len(traces)} times")
    loose = [x for x in jax.tree.leaves(rest) if isinstance(x, float)]
    expect(not loose, f"float parameters must be arrays or static fields: {loose}")


LAWS: tuple[Callable[[Subject], None], ...] = (
    shapes_and_types_are_stable,
    the_view_fits_the_spaces,
    jit_changes_nothing,
    vmap_changes_nothing,
    noise_determines_everything,
    something_is_always_legal,
    numbers_are_finite,
    the_reward_is_the_sum_of_its_terms,
    an_end_is_of_one_kind,
    only_a_declared_time_limit_cuts,
    episodes_end_in_time,
    new_parameters_need_no_new_program,
)
