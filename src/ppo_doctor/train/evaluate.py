"""Evaluation of a fixed policy on fixed seeds: the same seeds give every policy the same instances, so results pair.

A policy is `policy(key, state, view) -> action` for one environment; heuristics read the state, agents the view.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int, Integer, Key

from ppo_doctor.train import distribution, rollout
from ppo_doctor.train.config import Config
from ppo_doctor.train.env import AbstractEnv, Box, View
from ppo_doctor.train.policy import ActorCritic
from ppo_doctor.train.rollout import Norms

Policy = Callable[[Key[Array, ""], Any, View], Array]


class Scores(NamedTuple):
    """Per episode [n]: undiscounted return (mean over agents), length, whether it ended within the limit, metrics."""

    returns: Float[Array, " n"]
    lengths: Int[Array, " n"]
    finished: Array
    metrics: dict[str, Float[Array, " n"]]
    reward_terms: dict[str, Float[Array, " n"]]


class Agent(NamedTuple):
    """A trained actor as a policy. The statistics it was trained with travel along."""

    config: Config
    env: AbstractEnv
    model: ActorCritic
    norms: Norms
    greedy: bool
    temperature: float = 1.0

    def __call__(self, key: Key[Array, ""], state: Any, view: View) -> Array:
        """An action (one per agent) for one environment."""
        del state
        if self.env.num_agents == 1:
            return self._one(key, view)
        return jax.vmap(self._one)(jax.random.split(key, self.env.num_agents), view)

    def _one(self, key: Key[Array, ""], view: View) -> Array:
        space = self.env.space
        head = self.model.act(rollout.see(self.config, self.norms, view.obs))
        if self.greedy:
            action = distribution.mode(space, head, view.mask)
        else:
            noise = distribution.draw(space, key, ())
            action = distribution.sample(space, head, view.mask, noise, jnp.asarray(self.temperature))[0]
        return distribution.to_env(space, action, self.config.network.squash)


def random_policy(env: AbstractEnv) -> Policy:
    """Uniform over legal actions (over the box for real actions)."""
    space = env.space

    def act(key: Key[Array, ""], view: View) -> Array:
        if isinstance(space, Box):
            return jax.random.uniform(
                key, (len(space.low),), minval=jnp.asarray(space.low), maxval=jnp.asarray(space.high)
            )
        head = distribution.Head(jnp.zeros(distribution.width(space)), jnp.zeros(0))
        return distribution.sample(space, head, view.mask, distribution.draw(space, key, ()), jnp.ones(()))[0]

    def policy(key: Key[Array, ""], state: Any, view: View) -> Array:
        del state
        return act(key, view) if env.num_agents == 1 else jax.vmap(act)(jax.random.split(key, env.num_agents), view)

    return policy


def _episodes(env: AbstractEnv, policy: Policy, seeds: Integer[Array, " n"], max_steps: int) -> Scores:
    """Run to the end of every episode, at most `max_steps` each; what comes after an end is not counted."""
    keys = jax.vmap(jax.random.key)(seeds)
    first = jax.vmap(lambda k: env.reset(env.draw(jax.random.fold_in(k, 0))))(keys)

    def one(key: Array, carry: Any, t: Array):
        state, view = carry
        key_act, key_env = jax.random.split(jax.random.fold_in(key, t + 1))
        return env.step(env.draw(key_env), state, policy(key_act, state, view))

    def step(carry: Any):
        t, now, alive, scores = carry
        state, out = jax.vmap(one, in_axes=(0, 0, None))(keys, now, t)
        reward = out.reward if env.num_agents == 1 else jnp.mean(out.reward, axis=1)
        add = _sums(env, reward, out.metrics, out.reward_terms)
        scores = jax.tree.map(lambda s, x: s + jnp.where(alive, x, 0).astype(s.dtype), scores, add)
        return t + 1, (state, out.view), alive & ~(out.terminated | out.truncated), scores

    shapes = jax.eval_shape(lambda c: jax.vmap(one, in_axes=(0, 0, None))(keys, c, jnp.asarray(0))[1], first)
    terms = _sums(env, jnp.zeros(seeds.shape), *({k: jnp.zeros(x.shape) for k, x in d.items()} for d in shapes[4:]))
    start = (jnp.zeros((), jnp.int32), first, jnp.ones(seeds.shape, bool), jax.tree.map(jnp.zeros_like, terms))
    _, _, alive, (returns, lengths, metrics, reward_terms) = jax.lax.while_loop(
        lambda c: jnp.any(c[2]) & (c[0] < max_steps), step, start
    )
    return Scores(returns, lengths, ~alive, metrics, reward_terms)


def _sums(env: AbstractEnv, reward: Array, metrics: dict[str, Array], terms: dict[str, Array]) -> Any:
    shared = terms if env.num_agents == 1 else {name: jnp.mean(x, axis=1) for name, x in terms.items()}
    return reward, jnp.ones(reward.shape, jnp.int32), metrics, shared


@eqx.filter_jit  # a policy may hold arrays, such as a heuristic's ranks
def _run_static(env: AbstractEnv, policy: Policy, seeds: Integer[Array, " n"], max_steps: int) -> Scores:
    return _episodes(env, policy, seeds, max_steps)


@functools.partial(jax.jit, static_argnums=(0, 6, 7))
def _run_agent(
    config: Config,
    env: AbstractEnv,
    model: ActorCritic,
    norms: Norms,
    seeds: Array,
    temperature: Array,
    greedy: bool,
    max_steps: int,
) -> Scores:
    return _episodes(env, Agent(config, env, model, norms, greedy, temperature), seeds, max_steps)  # type: ignore[arg-type]


def run_episodes(env: AbstractEnv, policy: Policy, seeds: Any, max_steps: int) -> Scores:
    """One episode per seed [n], side by side, as NumPy arrays. An `Agent` compiles anew only for another network."""
    seeds = jnp.asarray(seeds, jnp.uint32)
    if isinstance(policy, Agent):
        parts = (policy.config, env, policy.model, policy.norms, seeds, jnp.asarray(policy.temperature), policy.greedy)
        return jax.tree.map(np.asarray, _run_agent(*parts, max_steps))
    return jax.tree.map(np.asarray, _run_static(env, policy, seeds, max_steps))


@eqx.filter_jit
def _run_nth(env: AbstractEnv, policies: tuple[Policy, ...], n: Array, seeds: Array, max_steps: int) -> Scores:
    dtype = jnp.float32 if isinstance(env.space, Box) else jnp.int32

    def nth(key: Key[Array, ""], state: Any, view: View) -> Array:
        typed = [lambda *seen, act=act: jnp.asarray(act(*seen), dtype) for act in policies]
        return jax.lax.switch(n, typed, key, state, view)

    return _episodes(env, nth, seeds, max_steps)


def run_each(env: AbstractEnv, policies: dict[str, Policy], seeds: Any, max_steps: int) -> dict[str, Scores]:
    """`run_episodes` for several fixed policies, by one compiled program: they share what takes long to compile."""
    seeds, fixed = jnp.asarray(seeds, jnp.uint32), tuple(policies.values())
    return {
        name: jax.tree.map(np.asarray, _run_nth(env, fixed, jnp.asarray(n), seeds, max_steps))
        for n, name in enumerate(policies)
    }


def first_noise(env: AbstractEnv, seeds: Any) -> Any:
    """The noise [n] that begins the episodes of `run_episodes` on these seeds: what a bound is computed from."""
    keys = jax.vmap(jax.random.key)(jnp.asarray(seeds, jnp.uint32))
    return jax.vmap(lambda key: env.draw(jax.random.fold_in(key, 0)))(keys)


def seed_block(split: str, n: int) -> np.ndarray:
    """`n` evaluation seeds; the blocks of `train`, `validation` and `report` are disjoint for n <= 1,000,000."""
    start = {"train": 0, "validation": 1_000_000, "report": 2_000_000}[split]
    return start + np.arange(n, dtype=np.uint32)


def block_means(x: np.ndarray, blocks: int) -> np.ndarray:
    """Means [blocks] of `blocks` equal consecutive parts of x [n]; n must be a multiple of blocks."""
    return np.asarray(x).reshape(blocks, -1).mean(axis=1)
