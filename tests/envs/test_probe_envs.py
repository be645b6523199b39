"""The probes' exact answers, checked by enumerating every state, legal action and successor."""

import itertools
from collections import deque

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from ppo_doctor.train import envs
from ppo_doctor.train.env import Box, Discrete

GAMMA = 0.9
PROBES = [
    ("probe_value", {}),
    ("probe_value", {"reward": -3.0}),
    ("probe_backprop", {}),
    ("probe_discount", {}),
    ("probe_action", {}),
    ("probe_action", {"rewards": (0.0, 5.0, -1.0)}),
    ("probe_state_action", {}),
    ("probe_mask", {}),
    ("probe_mask", {"rewards": (2.0, -1.0, 0.0, 1.0)}),
    ("probe_truncation", {}),
    ("probe_truncation", {"terminal": True, "limit": 4}),
    ("probe_agents", {}),
    ("probe_agents", {"agents": 2}),
    ("probe_continuous", {}),
    ("probe_parts", {}),
]


@pytest.fixture(params=PROBES, ids=lambda probe: f"{probe[0]}{probe[1] or ''}")
def probe(request):
    """An environment and its known answers."""
    name, params = request.param
    env = envs.make(name, **params)
    return env, envs.module(name).known(env, GAMMA)


def first_states(env):
    """First states: both signs of every binary draw, the known observations of the continuous one."""
    draws = np.linspace(-1, 1, 5) if isinstance(env.space, Box) else (0.25, 0.75)
    return [env.reset(jnp.float32(x)) for x in draws]


def choices(env):
    """Every action of one agent, as vectors; of a box: a grid."""
    space = env.space
    if isinstance(space, Box):
        return [
            np.array(x)
            for x in itertools.product(*(np.linspace(*r, 9) for r in zip(space.low, space.high, strict=True)))
        ]
    sizes = (space.n,) if isinstance(space, Discrete) else space.sizes
    return [np.array(x) for x in itertools.product(*map(range, sizes))]


def legal(env, mask, action):
    """Whether one agent's action (a vector of parts) is legal under its mask."""
    if isinstance(env.space, Box):
        return True
    sizes = (env.space.n,) if isinstance(env.space, Discrete) else env.space.sizes
    return all(mask[start + a] for start, a in zip(np.cumsum((0, *sizes)), action, strict=False))


def encode(env, actions):
    """The environment's form of one action vector per agent."""
    dtype = np.float32 if isinstance(env.space, Box) else np.int32
    stacked = np.stack(actions).astype(dtype)
    if isinstance(env.space, Discrete):
        stacked = stacked[:, 0]
    return jnp.asarray(stacked if env.num_agents > 1 else stacked[0])


def transitions(env, steps=6):
    """Every (view, action, step) within `steps` of a first state, going on past truncations."""
    queue, seen, found = deque((*pair, 0) for pair in first_states(env)), set(), []
    step = jax.jit(jax.tree_util.Partial(lambda state, action: env.step(jnp.float32(0.25), state, action)))
    while queue:
        state, view, depth = queue.popleft()
        if depth >= steps or (key := str(jax.device_get(state))) in seen:
            continue
        seen.add(key)
        for actions in itertools.product(choices(env), repeat=env.num_agents):
            masks = np.asarray(view.mask).reshape(env.num_agents, -1)
            if all(legal(env, mask, action) for mask, action in zip(masks, actions, strict=True)):
                after, result = step(state, encode(env, actions))
                found.append((view, encode(env, actions), jax.device_get(result)))
                if not result.terminated:
                    queue.append((after, result.view, depth + 1))
    return found


def look_up(known, view):
    """Row of the table with this observation, or None."""
    gap = np.abs(known["obs"] - np.asarray(view.obs)).reshape(len(known["obs"]), -1).max(axis=1)
    return int(gap.argmin()) if gap.min() < 1e-6 else None


def test_known_answers_solve_the_bellman_equation(probe):
    """V(s) = max over legal actions of r + gamma V(s'), reached by the known action, at every reachable state."""
    env, known = probe
    best = {}
    for view, action, step in transitions(env):
        row = look_up(known, view)
        assert row is not None, f"unlisted observation {view.obs}"
        np.testing.assert_array_equal(known["mask"][row], view.mask)
        after = 0.0 if step.terminated else known["value"][look_up(known, step.view)]
        q = np.asarray(step.reward) + GAMMA * after
        assert np.all(q <= known["value"][row] + 1e-5), f"{action} at {view.obs} is better than the known value"
        best[row] = np.maximum(best.get(row, -np.inf), q)
    assert set(best) == set(range(len(known["obs"]))), "a listed observation is never reached"
    for row, value in best.items():
        grid = 0.05 if isinstance(env.space, Box) else 1e-5  # the grid of actions misses the target a little
        np.testing.assert_allclose(value, known["value"][row], atol=grid)


def test_following_the_known_actions_earns_the_known_value(probe):
    """Rolled out through truncations until the end (or 200 steps), the discounted sum is the table's value."""
    env, known = probe
    for state, view in first_states(env):
        row = look_up(known, view)
        expected, total, discount = known["value"][row], 0.0, 1.0
        for _ in range(200):
            action = np.maximum(known["action"][look_up(known, view)], 0 if np.size(view.mask) else -np.inf)
            dtype = jnp.float32 if isinstance(env.space, Box) else jnp.int32
            state, step = env.step(jnp.float32(0.25), state, jnp.asarray(action, dtype))
            total, discount, view = total + discount * np.asarray(step.reward), discount * GAMMA, step.view
            if step.terminated:
                break
        np.testing.assert_allclose(total, expected, rtol=1e-4, atol=1e-5)


def test_an_action_marked_best_beats_every_other(probe):
    """Where an action is named, no other legal one earns as much; where none is (-1), all earn the same."""
    env, known = probe
    earned = {}
    for view, action, step in transitions(env):
        row = look_up(known, view)
        after = 0.0 if step.terminated else known["value"][look_up(known, step.view)]
        q = np.broadcast_to(np.asarray(step.reward) + GAMMA * after, (env.num_agents,))
        actions = np.asarray(action).reshape(env.num_agents, -1)
        named = known["action"][row].reshape(env.num_agents, -1)
        for agent in range(env.num_agents):
            hit = np.allclose(actions[agent], named[agent])
            earned.setdefault((row, agent, bool(np.all(named[agent] == -1))), []).append((hit, float(q[agent])))
    for (row, agent, indifferent), results in earned.items():
        value = np.broadcast_to(known["value"][row], (env.num_agents,))[agent]
        for hit, q in results:
            assert (abs(q - value) < 1e-5) == (hit or indifferent)


def test_the_forbidden_action_would_pay_most():
    """The mask probe is only a probe if ignoring the mask looks better."""
    env = envs.make("probe_mask")
    state, view = env.reset(jnp.float32(0.25))
    assert view.mask.tolist() == [True, True, False]
    _, step = env.step(jnp.float32(0.25), state, jnp.int32(2))
    assert (float(step.reward), float(step.metrics["invalid"])) == (1.0, 1.0)


@pytest.mark.parametrize("terminal", [False, True])
def test_pieces_end_after_the_limit_in_the_chosen_way(terminal):
    env = envs.make("probe_truncation", terminal=terminal, limit=3)
    state, _ = env.reset(jnp.float32(0.0))
    flags = []
    for _ in range(3):
        state, step = env.step(jnp.float32(0.0), state, jnp.int32(0))
        flags.append((bool(step.terminated), bool(step.truncated)))
    assert flags == [(False, False), (False, False), (terminal, not terminal)]


def test_a_gaussian_earns_minus_its_variance():
    """The continuous probe's cost is in half ranges: standard deviation s in both parts earns -2 s^2 at the target."""
    env, s = envs.make("probe_continuous"), 0.3
    known = envs.module("probe_continuous").known(env, GAMMA)
    noise = s * jax.random.normal(jax.random.key(0), (20_000, 2)) * jnp.array([1.0, 4.0])
    actions = jnp.asarray(known["action"][3], jnp.float32) + noise
    step = jax.vmap(lambda action: env.step(jnp.float32(0), jnp.float32(known["obs"][3, 0]), action)[1])
    np.testing.assert_allclose(step(actions).reward.mean(), -2 * s**2, rtol=0.05)
