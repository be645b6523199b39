"""Our environments as a `World`: the state is a value, so that a fork is exact and everything runs side by side."""

from __future__ import annotations

from typing import Any, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from ppo_doctor.errors import UserError
from ppo_doctor.train import world
from ppo_doctor.train.env import AbstractEnv, Discrete, Step, View
from ppo_doctor.train.evaluate import Policy
from ppo_doctor.train.world import Answers, Fork, Layout, Plan, Play, Policies, Redrawn

CHOICE, FRESH = 1_000_003, 2_000_003
"""Tags folded into keys, so that menus and fresh streams use other random numbers than play."""
TRIED, TRACED = 3, 6
"""Random actions, each with random numbers of its own, that look for a trace of what was redrawn; draws looked at."""


class Kit(NamedTuple):
    """What the compiled programs share; `layout` is static."""

    env: AbstractEnv
    layout: Layout

    def seen(self, obs: Any) -> Array:
        """Features [agents, d] of one observation."""
        leaves = jax.tree.leaves(obs)
        many = self.env.num_agents > 1
        return jnp.concatenate(
            [(x if many else x[None]).astype(jnp.float32).reshape(self.env.num_agents, -1) for x in leaves], axis=1
        )

    def keys(self, seed: Array, actions: Array, stream: Array, t: Array) -> tuple[Array, Array]:
        """Keys of the action and of the environment at step t; stream 0 is that of `evaluate.run_episodes`."""
        both = []
        for n, key in enumerate((jax.random.key(actions), jax.random.key(seed))):
            other = jax.random.fold_in(jax.random.fold_in(key, FRESH), stream)
            data = jnp.where(stream == 0, jax.random.key_data(key), jax.random.key_data(other))
            both.append(jax.random.split(jax.random.fold_in(jax.random.wrap_key_data(data), t + 1))[n])
        return both[0], both[1]

    def reset(self, seed: Array) -> tuple[Any, View]:
        """The first state of an episode."""
        return self.env.reset(self.env.draw(jax.random.fold_in(jax.random.key(seed), 0)))

    def act(self, key: Array, view: View, policy: Policies) -> Array:
        """The action of one policy (one per agent)."""
        env, x = self.env, self.seen(view.obs)
        u = jax.random.uniform(key, (env.num_agents, world.outputs(env.space)))
        mask = view.mask if env.num_agents > 1 else view.mask[None]

        def one(x: Array, u: Array, mask: Array) -> Array:
            score = world.scores(jnp, self.layout, policy.weight, policy.bias, x)
            return world.decide(jnp, env.space, score, policy.temperature, u, mask)

        action = jax.vmap(one)(x, u, mask)
        return action if env.num_agents > 1 else action[0]

    def step(self, key: Array, state: Any, action: Array) -> tuple[Any, Step]:
        """One step, its reward and terms averaged over agents."""
        state, out = self.env.step(self.env.draw(key), state, action)
        if self.env.num_agents > 1:
            terms = {name: jnp.mean(x) for name, x in out.reward_terms.items()}
            out = out._replace(reward=jnp.mean(out.reward), reward_terms=terms)
        return state, out

    def random(self, key: Array, view: View) -> Array:
        """A random legal action."""
        return self.act(key, view, jax.tree.map(lambda x: x[0], world.uniform(self.env.space)))


def _keep(alive: Array, new: Any, old: Any) -> Any:
    return jax.tree.map(lambda a, b: jnp.where(alive, a, b), new, old)


@eqx.filter_jit
def _play(kit: Kit, seeds: Array, actions: Array, horizon: int) -> Play:
    def episode(seed: Array, action_seed: Array) -> Any:
        def step(carry: Any, t: Array) -> Any:
            state, view, alive = carry
            key_act, key_env = kit.keys(seed, action_seed, jnp.zeros((), jnp.int32), t)
            action = kit.random(key_act, view)
            now, out = kit.step(key_env, state, action)
            now, seen = _keep(alive, (now, out.view), (state, view))
            refused = out.metrics.get("invalid", jnp.zeros(())) > 0
            row = (kit.seen(seen.obs).ravel(), _first_mask(kit.env, seen), action, out.reward * alive)
            ends = (out.terminated & alive, out.truncated & alive, alive)
            terms = {name: x * alive for name, x in out.reward_terms.items()}
            return (now, seen, alive & ~out.terminated & ~out.truncated), (*row, *ends, terms, refused & alive)

        state, view = kit.reset(seed)
        _, rows = jax.lax.scan(step, (state, view, jnp.ones((), bool)), jnp.arange(horizon))
        obs = jnp.concatenate([kit.seen(view.obs).reshape(1, -1), rows[0]])
        return Play._make((obs, jnp.concatenate([_first_mask(kit.env, view)[None], rows[1]]), *rows[2:]))

    return jax.vmap(episode)(seeds, actions)


def _first_mask(env: AbstractEnv, view: View) -> Array:
    return view.mask[0] if env.num_agents > 1 else view.mask


@eqx.filter_jit
def _follow(kit: Kit, policy: Policy, seeds: Array, horizon: int) -> Array:
    def episode(seed: Array) -> Array:
        def step(carry: Any, t: Array) -> Any:
            state, view, alive = carry
            key_act, key_env = kit.keys(seed, seed, jnp.zeros((), jnp.int32), t)
            now, out = kit.step(key_env, state, policy(key_act, state, view))
            now, seen = _keep(alive, (now, out.view), (state, view))
            return (now, seen, alive & ~out.terminated & ~out.truncated), jnp.where(alive, out.reward, jnp.nan)

        return jax.lax.scan(step, (*kit.reset(seed), jnp.ones((), bool)), jnp.arange(horizon))[1]

    return jax.vmap(episode)(seeds)


@eqx.filter_jit
def _score(kit: Kit, policies: Policies, which: Array, seeds: Array, horizon: Array) -> tuple[Array, Array]:
    def episode(seed: Array, n: Array) -> Any:
        policy = jax.tree.map(lambda x: x[n], policies)

        def step(carry: Any) -> Any:
            t, state, view, _, total = carry
            key_act, key_env = kit.keys(seed, seed, jnp.zeros((), jnp.int32), t)
            now, out = kit.step(key_env, state, kit.act(key_act, view, policy))
            return t + 1, now, out.view, ~out.terminated & ~out.truncated, total + out.reward

        start = (jnp.zeros((), jnp.int32), *kit.reset(seed), jnp.ones((), bool), jnp.zeros(()))
        return jax.lax.while_loop(lambda c: c[3] & (c[0] < horizon), step, start)

    t, _, _, _, total = jax.vmap(episode)(seeds, which)
    return total, t


def _branch(kit: Kit, seed: Array, state: Any, view: View, at: Array, action: Array, plan: Any, gamma: Array) -> Any:
    """One branch: take `action` at step `at`, then play on at random."""
    (first, rest, horizon), spans = plan, jnp.asarray(world.SPANS)
    key_act = kit.keys(seed, seed, jnp.zeros((), jnp.int32), at)[0]
    key_env = kit.keys(seed, seed, first, at)[1]
    if kit.env.num_agents > 1:
        action = kit.random(key_act, view).at[0].set(action)
    state, out = kit.step(key_env, state, action)

    def step(carry: Any) -> Any:
        t, state, view, _, sums, later = carry
        key_act, key_env = kit.keys(seed, seed, rest, at + t)
        state, out = kit.step(key_env, state, kit.random(key_act, view))
        total, discounted, soon, terms = sums
        terms = {name: terms[name] + x for name, x in out.reward_terms.items()}
        soon = soon + jnp.where(t < spans, out.reward, 0.0)
        sums = (total + out.reward, discounted + gamma**t * out.reward, soon, terms)
        later = _keep(t == 1, (kit.seen(out.view.obs).ravel(), out.reward), later)
        return t + 1, state, out.view, ~out.terminated & ~out.truncated, sums, later

    ended, seen = out.terminated | out.truncated, kit.seen(out.view.obs).ravel()
    sums = (out.reward, out.reward, jnp.full(spans.shape, out.reward), dict(out.reward_terms))
    begin = (jnp.ones((), jnp.int32), state, out.view, ~ended, sums)
    done = jax.lax.while_loop(lambda c: c[3] & (c[0] < horizon), step, (*begin, (seen, jnp.zeros(()))))
    (later_obs, later_reward) = done[5]
    return (seen, later_obs), (out.reward, later_reward, ended, *done[4]), done[0]


@eqx.filter_jit
def _fork(kit: Kit, seeds: Array, at: Array, plan: Plan, gamma: Array) -> Any:
    def one(seed: Array, at: Array) -> Any:
        def step(carry: Any) -> Any:
            t, state, view = carry
            key_act, key_env = kit.keys(seed, seed, jnp.zeros((), jnp.int32), t)
            state, out = kit.step(key_env, state, kit.random(key_act, view))
            return t + 1, state, out.view

        _, state, view = jax.lax.while_loop(lambda c: c[0] < at, step, (jnp.zeros((), jnp.int32), *kit.reset(seed)))
        mask, space = _first_mask(kit.env, view), kit.env.space
        u = jax.random.uniform(jax.random.fold_in(jax.random.key(seed), CHOICE), (world.outputs(space),))
        actions, legal = world.menu(jnp, space, plan.choices, u, mask)

        def branch(b: Any, first: Any, rest: Any) -> Any:
            action = actions[jnp.where(legal[b], b, jnp.argmax(legal))]
            return _branch(kit, seed, state, view, at, action, (first, rest, plan.horizon), gamma)

        seen, sums, lengths = jax.vmap(branch)(plan.which, plan.first, plan.rest)
        kept = tuple(x[: plan.keep] for x in seen)
        return Fork._make((kit.seen(view.obs).ravel(), mask, actions, legal, *kept, *sums)), jnp.sum(lengths) + at

    return jax.vmap(one)(seeds, at)


@eqx.filter_jit
def _search(kit: Kit, seeds: Array, plan: Plan, optimism: Array, horizon: Array) -> tuple[Array, Array]:
    def choose(seed: Array, t: Array, state: Any, view: View) -> Any:
        mask, space = _first_mask(kit.env, view), kit.env.space
        key = jax.random.fold_in(jax.random.fold_in(jax.random.key(seed), CHOICE), t)
        u = jax.random.uniform(key, (world.outputs(space),))
        actions, legal = world.menu(jnp, space, plan.choices, u, mask)

        def branch(b: Any, stream: Any) -> Any:
            fresh = (stream + 1000 * (t + 1),) * 2
            action = actions[jnp.where(legal[b], b, jnp.argmax(legal))]
            return _branch(kit, seed, state, view, t, action, (*fresh, plan.horizon), jnp.ones(()))[1:]

        (_, _, _, value, *_), lengths = jax.vmap(branch)(plan.which, plan.first)
        value = value.reshape(-1, plan.choices)
        best = (1.0 - optimism) * value.mean(axis=0) + optimism * value.max(axis=0)
        chosen = jnp.argmax(jnp.where(legal, best, -jnp.inf))
        return actions[chosen], jnp.sum(lengths)

    def episode(seed: Array) -> Any:
        def step(carry: Any) -> Any:
            t, state, view, _, total, cost = carry
            action, spent = choose(seed, t, state, view)
            key_act, key_env = kit.keys(seed, seed, jnp.zeros((), jnp.int32), t)
            if kit.env.num_agents > 1:
                action = kit.random(key_act, view).at[0].set(action)
            state, out = kit.step(key_env, state, action)
            return t + 1, state, out.view, ~out.terminated & ~out.truncated, total + out.reward, cost + spent + 1

        start = (
            jnp.zeros((), jnp.int32),
            *kit.reset(seed),
            jnp.ones((), bool),
            jnp.zeros(()),
            jnp.zeros((), jnp.int32),
        )
        return jax.lax.while_loop(lambda c: c[3] & (c[0] < horizon), step, start)

    done = jax.vmap(episode)(seeds)
    return done[4], done[5]


@eqx.filter_jit
def _answers(kit: Kit, seeds: Array, horizon: int) -> Any:
    def episode(seed: Array) -> Any:
        def step(carry: Any, t: Array) -> Any:
            state, view, alive = carry
            key_act, key_env = kit.keys(seed, seed, jnp.zeros((), jnp.int32), t)
            every = jnp.arange(world.outputs(kit.env.space), dtype=jnp.int32)
            bad = jax.vmap(lambda a: kit.step(key_env, state, a)[1].metrics["invalid"] > 0)(every)
            now, out = kit.step(key_env, state, kit.random(key_act, view))
            now, seen = _keep(alive, (now, out.view), (state, view))
            return (now, seen, alive & ~out.terminated & ~out.truncated), (~bad, view.mask, alive)

        state, view = kit.reset(seed)
        return jax.lax.scan(step, (state, view, jnp.ones((), bool)), jnp.arange(horizon))[1]

    return jax.vmap(episode)(seeds)


@eqx.filter_jit
def _redrawn(kit: Kit, seeds: Array, draws: Array) -> Redrawn:
    def outcome(seed: Array, state: Any, view: View, stream: Array) -> Array:
        key_act, key_env = kit.keys(seed, seed, stream, jnp.zeros((), jnp.int32))
        _, out = kit.step(key_env, state, kit.random(key_act, view))
        said = (out.reward, out.terminated, out.truncated)
        return jnp.concatenate([kit.seen(out.view.obs).ravel(), jnp.stack(said).astype(jnp.float32)])

    def begin(seed: Array, source: Array, draw: Array) -> tuple[Any, View]:
        own, other = (kit.env.draw(jax.random.fold_in(jax.random.key(s), 0)) for s in (seed, draw))
        leaves, shape = jax.tree.flatten(own)
        pairs = enumerate(zip(leaves, jax.tree.leaves(other), strict=True))
        mixed = [jnp.where(source == n, b, a) for n, (a, b) in pairs]
        return kit.env.reset(jax.tree.unflatten(shape, mixed))

    def shown(*which: Array) -> Array:
        return kit.seen(begin(*which)[1].obs).ravel()

    def trace(seed: Array, *which: Array) -> Array:
        state, view = begin(seed, *which)
        return jax.vmap(lambda stream: outcome(seed, state, view, stream))(jnp.arange(TRIED)).ravel()

    def every(part: Any, draws: Array) -> Any:
        over = jax.vmap(jax.vmap(jax.vmap(part, (None, None, 0)), (None, 0, None)), (0, None, None))
        return over(seeds, sources, draws)

    sources = jnp.arange(len(jax.tree.leaves(jax.eval_shape(kit.env.draw, jax.random.key(0)))))
    return Redrawn(every(shown, draws), every(trace, draws[:TRACED]))


def layout(env: AbstractEnv, obs: Any) -> Layout:
    """Names of the features in the order of `Kit.seen`, and where the columns of actions are."""
    skip, names, items, first = int(env.num_agents > 1), [], None, 0
    for path, leaf in jax.tree.leaves_with_path(obs):
        stem, shape = jax.tree_util.keystr(path, simple=True, separator="."), leaf.shape[skip:]
        if isinstance(env.space, Discrete) and len(shape) == 2 and env.space.n - shape[1] in (0, 1):
            items, first = (len(names), shape[1], shape[0]), env.space.n - shape[1]
        inner = np.ndindex(*shape)
        names += [".".join([stem, *map(str, index)]).strip(".") or "0" for index in inner]
    return Layout(tuple(names), env.num_agents, items, first)


class Functional:
    """A `World` of one of our environments; see `world.World` for the methods."""

    branching = "state"

    def __init__(self, name: str, env: AbstractEnv, max_steps: int) -> None:
        self.name, self.env, self.max_steps, self.steps = name, env, max_steps, 0
        self.limit: int | None = max_steps
        self.space = env.space
        view = jax.eval_shape(lambda: env.reset(env.draw(jax.random.key(0)))[1])
        self.layout = layout(env, view.obs)
        self.declared_noise = getattr(env, "observation_noise", None)
        self._kit = Kit(env, self.layout)

    def play(self, seeds: np.ndarray, actions: np.ndarray, horizon: int) -> Play:
        """Random play, recorded."""
        found = jax.tree.map(np.asarray, _play(self._kit, _seeds(seeds), _seeds(actions), horizon))
        self.steps += int(found.alive.sum())
        _finite(self.name, found.obs[:, 1:][found.alive], found.reward[found.alive])
        return found

    def score(self, policies: Policies, which: np.ndarray, seeds: np.ndarray, horizon: int) -> np.ndarray:
        """Returns of linear policies."""
        total, t = _score(self._kit, _device(policies), jnp.asarray(which), _seeds(seeds), jnp.asarray(horizon))
        self.steps += int(t.sum())
        return np.asarray(total, np.float64)

    def follow(self, policy: Policy, seeds: np.ndarray, horizon: int) -> np.ndarray:
        """Rewards [n, horizon] of a policy that reads the state, NaN after an episode's end."""
        found = np.asarray(_follow(self._kit, policy, _seeds(seeds), horizon), np.float64)
        self.steps += int(np.isfinite(found).sum())
        return found

    def fork(self, seeds: np.ndarray, at: np.ndarray, plan: Plan, gamma: float) -> Fork:
        """Branches, all side by side."""
        static = _streams(plan)
        found, cost = _fork(self._kit, _seeds(seeds), jnp.asarray(at, jnp.int32), static, jnp.asarray(gamma))
        self.steps += int(cost.sum())
        return jax.tree.map(np.asarray, found)

    def search(self, seeds: np.ndarray, plan: Plan, optimism: float, horizon: int) -> np.ndarray:
        """Returns of the look-ahead player."""
        parts = (_streams(plan), jnp.asarray(optimism), jnp.asarray(horizon))
        total, cost = _search(self._kit, _seeds(seeds), *parts)
        self.steps += int(cost.sum())
        return np.asarray(total, np.float64)

    def answers(self, seeds: np.ndarray, horizon: int) -> Answers | None:
        """Every action at every step, judged by the metric `invalid`; None without it."""
        if not isinstance(self.space, Discrete) or self.env.num_agents > 1 or "invalid" not in self._metrics():
            return None
        found = Answers(*(np.asarray(x) for x in _answers(self._kit, _seeds(seeds), horizon)))
        self.steps += int(found.known.sum()) * (self.space.n + 1)
        return found

    def redrawn(self, seeds: np.ndarray, draws: np.ndarray) -> Redrawn:
        """First observations, one leaf of `draw` after the other being that of another episode."""
        found = Redrawn(*(np.asarray(x) for x in _redrawn(self._kit, _seeds(seeds), _seeds(draws))))
        self.steps += TRIED * int(np.prod(found.trace.shape[:3]))
        return found

    def _metrics(self) -> dict[str, Any]:
        def step() -> Any:
            state, view = self._kit.reset(jnp.zeros((), jnp.uint32))
            return self._kit.step(jax.random.key(0), state, self._kit.random(jax.random.key(0), view))[1].metrics

        return jax.eval_shape(step)


def _seeds(seeds: np.ndarray) -> Array:
    return jnp.asarray(seeds, jnp.uint32)


def _device(policies: Policies) -> Policies:
    return Policies(*(None if x is None else jnp.asarray(x, jnp.float32) for x in policies))


def _streams(plan: Plan) -> Plan:
    arrays = {name: jnp.asarray(getattr(plan, name), jnp.int32) for name in ("which", "first", "rest", "horizon")}
    return plan._replace(**arrays)


def _finite(name: str, obs: np.ndarray, reward: np.ndarray) -> None:
    for what, values in (("an observation", obs), ("a reward", reward)):
        if not np.isfinite(values).all():
            raise UserError(f"{name}: {what} is not finite under random play: mend that before anything else")
