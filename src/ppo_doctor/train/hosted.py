"""Any Gymnasium environment as a `World`, stepped on the host.

Forks are deep copies where a copy behaves exactly as a replay from the seed does; else they are replays of the same
actions from the same seed; else there are none, and the reason is kept. Fresh streams of random numbers are made by
replacing every NumPy generator that the environment and its wrappers hold; numbers drawn elsewhere stay the same.
"""

from __future__ import annotations

import contextlib
import copy
import difflib
import importlib
import random
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces

from ppo_doctor.errors import UserError
from ppo_doctor.train import world
from ppo_doctor.train.env import Box, Discrete, MultiDiscrete, Space
from ppo_doctor.train.world import Answers, Fork, Layout, Plan, Play, Policies, Redrawn

MAX_STEPS, COMMON, PREVIEW = 1000, 10**6, 8
"""Steps after which an episode without a limit is cut; stream after a fresh step; steps compared by `branching`."""
REFUSALS = ("invalid", "invalid_action", "illegal_action", "illegal")
"""Keys of `info` or `info["metrics"]` that say that the action was refused."""


class Outcome:
    """What one step led to."""

    def __init__(self, x: np.ndarray, reward: float, ends: tuple[bool, bool], info: dict[str, Any], refused: bool):
        self.x, self.reward, self.terminated, self.truncated, self.refused = x, reward, *ends, refused
        self.terms = {name: float(v) for name, v in (info.get("reward_terms") or {}).items()}

    @property
    def ended(self) -> bool:
        """Either way."""
        return self.terminated or self.truncated


def make(name: str, params: dict[str, Any], others: Iterable[str] = ()) -> gymnasium.Env[Any, Any]:
    """The environment with this id, or what `module:attribute` makes. Raises `UserError` in one line.

    others: names to be suggested beside Gymnasium's ids.
    """
    try:
        module, _, attribute = name.partition(":")
        if attribute and hasattr(found := importlib.import_module(module), attribute):
            return getattr(found, attribute)(**params)
        return gymnasium.make(name, disable_env_checker=True, **params)
    except gymnasium.error.UnregisteredEnv:
        raise UserError(f"unknown environment {name!r}; {_near(name, [*others, *gymnasium.registry])}") from None
    except Exception as error:  # noqa: BLE001  # whatever a stranger's constructor raises is one line to its owner
        raise UserError(f"{name} cannot be made: {type(error).__name__}: {error}") from None


def _near(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, n=3) or difflib.get_close_matches(name.title(), known, n=3)
    return f"did you mean {' or '.join(close)}?" if close else "give a system, a Gymnasium id, or module:attribute"


def space_of(space: spaces.Space[Any], name: str) -> Space:
    """Our form of an action space; unbounded sides become -1 and 1. Raises `UserError` for other kinds."""
    if isinstance(space, spaces.Discrete):
        return Discrete(int(space.n))
    if isinstance(space, spaces.MultiDiscrete) and space.nvec.ndim == 1:
        return MultiDiscrete(tuple(int(n) for n in space.nvec))
    if isinstance(space, spaces.MultiBinary):
        return MultiDiscrete((2,) * int(np.prod(space.shape)))
    if isinstance(space, spaces.Box):
        low = np.where(np.isfinite(space.low) & (space.low > -1e9), space.low, -1.0).ravel()
        high = np.where(np.isfinite(space.high) & (space.high < 1e9), space.high, 1.0).ravel()
        return Box(tuple(map(float, low)), tuple(map(float, high)))
    raise UserError(f"{name}: actions of type {type(space).__name__} cannot be probed")


class Hosted:
    """A `World` of one Gymnasium environment; see `world.World` for the methods."""

    def __init__(self, name: str, env: gymnasium.Env[Any, Any]) -> None:
        self.name, self.env, self.steps = name, env, 0
        self.space = space_of(env.action_space, name)
        self.limit: int | None = getattr(env.spec, "max_episode_steps", None) if env.spec else None
        self.max_steps = self.limit or MAX_STEPS
        names = _names(env.observation_space, self._features(self._call("reset", seed=0)[0]).size)
        self.layout = Layout(names)
        self.declared_noise = getattr(env.unwrapped, "observation_noise", None)
        self.branching = self._branching()

    # --- the environment, guarded ---

    def _call(self, method: str, *args: Any, env: Any = None, **kwargs: Any) -> Any:
        try:
            return getattr(self.env if env is None else env, method)(*args, **kwargs)
        except Exception as error:
            raise UserError(f"{self.name}: {method}() raised {type(error).__name__}: {error}") from error

    def _features(self, obs: Any) -> np.ndarray:
        space = self.env.observation_space
        try:
            if isinstance(space, spaces.Box) and np.shape(obs) != space.shape:
                raise ValueError(f"its shape is {np.shape(obs)}, the space says {space.shape}")
            x = np.asarray(spaces.flatten(space, obs), np.float64).ravel()
        except Exception as error:  # noqa: BLE001  # a wrong observation is one line to its owner
            reason = f"{type(error).__name__}: {error}" if not isinstance(error, ValueError) else error
            raise UserError(f"{self.name}: an observation does not fit its space: {reason}") from None
        if not np.isfinite(x).all():
            raise UserError(f"{self.name}: an observation is not finite (feature {int(np.argmin(np.isfinite(x)))})")
        return x

    def _mask(self, env: Any, info: dict[str, Any]) -> np.ndarray:
        if isinstance(self.space, Box):
            return np.ones(0, bool)
        mask = info.get("action_mask")
        if mask is None:
            with contextlib.suppress(AttributeError):
                mask = env.get_wrapper_attr("action_masks")()
        if mask is None:
            return np.ones(world.outputs(self.space), bool)
        mask = np.concatenate([np.ravel(part) for part in mask]) if isinstance(mask, tuple | list) else np.ravel(mask)
        if mask.size != world.outputs(self.space):
            raise UserError(f"{self.name}: the mask has {mask.size} entries for {world.outputs(self.space)} actions")
        return mask.astype(bool)

    def _reset(self, seed: int) -> tuple[np.ndarray, np.ndarray]:
        obs, info = self._call("reset", seed=int(seed))
        return self._features(obs), self._mask(self.env, info)

    def _foreign(self, action: Any) -> Any:
        kind = self.env.action_space
        if isinstance(kind, spaces.Discrete):
            return int(action) + int(kind.start)
        return np.asarray(action, kind.dtype).reshape(kind.shape)

    def _step(self, env: Any, action: Any, guarded: bool = False) -> tuple[Outcome, np.ndarray]:
        """One step; with `guarded` an exception counts as a refusal that ends the episode."""
        self.steps += 1
        try:
            result = env.step(self._foreign(action))
        except Exception as error:
            if not guarded:
                raise UserError(f"{self.name}: step() raised {type(error).__name__}: {error}") from error
            return Outcome(np.full(self.layout.width, np.nan), 0.0, (True, False), {}, True), np.ones(0, bool)
        if not isinstance(result, tuple) or len(result) != 5:
            raise UserError(f"{self.name}: step() must return (obs, reward, terminated, truncated, info)")
        obs, reward, terminated, truncated, info = result
        if np.size(reward) != 1 or not np.isfinite(float(np.reshape(reward, -1)[0])):
            raise UserError(f"{self.name}: the reward is {reward!r}, not one finite number")
        said = {**info, **info.get("metrics", {})}
        refused = any(bool(said.get(key)) for key in REFUSALS)
        ends = bool(terminated), bool(truncated)
        return Outcome(self._features(obs), float(np.reshape(reward, -1)[0]), ends, info, refused), self._mask(
            env, info
        )

    # --- random numbers and copies ---

    def _noise(self, seed: int, stream: int, horizon: int) -> np.ndarray:
        return np.random.default_rng((int(seed), int(stream))).random((horizon, world.outputs(self.space)))

    def _choose(self, u: np.ndarray, mask: np.ndarray, score: Any = 0.0, temperature: float = 1.0) -> Any:
        return world.decide(np, self.space, score, temperature, u, mask)

    def _renew(self, env: Any, *tag: int) -> None:
        """Replace the state of every generator that the environment and its wrappers hold."""
        for n, holder in enumerate(_layers(env)):
            for name, value in sorted(vars(holder).items()):
                if isinstance(value, np.random.Generator):
                    setattr(holder, name, np.random.Generator(type(value.bit_generator)((*tag, n))))
                elif isinstance(value, np.random.RandomState | random.Random):
                    value.seed(hash((*tag, n)) % 2**32)

    def _branching(self) -> str:
        """How forks can be made exactly, by trial: two copies and their original must go on alike."""
        with contextlib.suppress(Exception):  # whatever a copy of a stranger's attributes raises: then no copies
            _, mask = self._reset(7)
            first, second = copy.deepcopy(self.env), copy.deepcopy(self.env)
            if _equal(*(self._trace(env, mask) for env in (first, self.env))) and _equal(
                *(self._trace(env, mask) for env in (second, copy.deepcopy(second)))
            ):
                return "deep copy"
        found = []
        for _ in range(2):
            x, mask = self._reset(7)
            found.append([x, *self._trace(self.env, mask)])
        return "replay" if _equal(*found) else "none: a replay from the seed differs, and so does a deep copy"

    def _trace(self, env: Any, mask: np.ndarray) -> list[np.ndarray]:
        """Some steps of random play."""
        found = []
        for u in self._noise(7, 0, PREVIEW):
            out, mask = self._step(env, self._choose(u, mask), guarded=True)
            found.append(np.append(out.x, out.reward))
            if out.ended:
                break
        return found

    def _at(self, seed: int, at: int) -> tuple[np.ndarray, np.ndarray, Callable[[], Any]]:
        """(features, mask, again): random play with `seed` up to step `at`; every `again()` is an environment there."""
        noise, actions = self._noise(seed, 0, at + 1), []
        x, mask = self._reset(seed)
        for u in noise[:at]:
            actions.append(self._choose(u, mask))
            out, mask = self._step(self.env, actions[-1])
            x = out.x

        def replay() -> Any:
            self._reset(seed)
            for action in actions:
                self._step(self.env, action)
            return self.env

        held = self.env
        return x, mask, (lambda: copy.deepcopy(held)) if self.branching == "deep copy" else replay

    def play(self, seeds: np.ndarray, actions: np.ndarray, horizon: int) -> Play:
        """Random play, recorded. An exception on an action that a mask allows is a refusal."""
        return _stack([self._episode(int(s), int(a), horizon) for s, a in zip(seeds, actions, strict=True)], horizon)

    def _episode(self, seed: int, actions: int, horizon: int) -> list[tuple[Any, ...]]:
        x, mask = self._reset(seed)
        rows: list[tuple[Any, ...]] = [(x, mask)]
        for u in self._noise(actions, 0, horizon):
            action = self._choose(u, mask)
            out, after = self._step(self.env, action, guarded=not mask.all())
            mask, x = (after if after.size == mask.size else mask), np.where(np.isfinite(out.x), out.x, x)
            rows.append((x, mask, action, out))
            if out.ended:
                break
        return rows

    def score(self, policies: Policies, which: np.ndarray, seeds: np.ndarray, horizon: int) -> np.ndarray:
        """Returns of linear policies."""
        return np.array(
            [self._score(policies, int(n), int(seed), horizon) for n, seed in zip(which, seeds, strict=True)]
        )

    def _score(self, policies: Policies, n: int, seed: int, horizon: int) -> float:
        weight = None if policies.weight is None else policies.weight[n]
        (x, mask), total = self._reset(seed), 0.0
        for u in self._noise(seed, 0, horizon):
            score = world.scores(np, self.layout, weight, policies.bias[n], x)
            out, mask = self._step(self.env, self._choose(u, mask, score, float(policies.temperature[n])))
            x, total = out.x, total + out.reward
            if out.ended:
                break
        return total

    def fork(self, seeds: np.ndarray, at: np.ndarray, plan: Plan, gamma: float) -> Fork:
        """Branches, one after the other."""
        if self.branching.startswith("none"):
            raise UserError(f"{self.name} cannot be forked: {self.branching[6:]}")
        found = [self._fork(int(seed), int(t), plan, gamma) for seed, t in zip(seeds, at, strict=True)]
        names = sorted({name for one in found for name in one[-1]})
        terms = {name: np.array([one[-1].get(name, np.zeros(len(plan.which))) for one in found]) for name in names}
        return Fork._make((*(np.array([one[i] for one in found]) for i in range(12)), terms))

    def _fork(self, seed: int, at: int, plan: Plan, gamma: float) -> tuple[Any, ...]:
        x, mask, again = self._at(seed, at)
        u = np.random.default_rng((seed, 99)).random(world.outputs(self.space))
        actions, legal = world.menu(np, self.space, plan.choices, u, mask)
        branches = []
        for b, first, rest in zip(plan.which, plan.first, plan.rest, strict=True):
            action = actions[b] if legal[b] else actions[int(np.argmax(legal))]
            branches.append(self._branch(again(), (seed, at), action, (int(first), int(rest)), plan.horizon, gamma))
        columns = [np.array([branch[i] for branch in branches]) for i in range(8)]
        names = sorted({name for branch in branches for name in branch[8]})
        terms = {name: np.array([branch[8].get(name, 0.0) for branch in branches]) for name in names}
        kept = [column[: plan.keep] for column in columns[:2]]
        return (x, mask, actions, legal, *kept, *columns[2:], terms)

    def _branch(
        self, env: Any, spot: tuple[int, int], action: Any, streams: tuple[int, int], horizon: int, gamma: float
    ) -> tuple[Any, ...]:
        first, rest = streams
        if first:
            self._renew(env, *spot, first)
        out, mask = self._step(env, action)
        if first and not rest:
            self._renew(env, *spot, COMMON)
        x, later_x, later, total, discounted = out.x, out.x, 0.0, out.reward, out.reward
        reward, ended, terms, rewards = out.reward, out.ended, dict(out.terms), [out.reward]
        noise = self._noise(spot[0], rest, spot[1] + horizon)[spot[1] + 1 :]
        for t, u in enumerate(noise if not ended else noise[:0], start=1):
            out, mask = self._step(env, self._choose(u, mask))
            total, discounted = total + out.reward, discounted + gamma**t * out.reward
            rewards.append(out.reward)
            if t == 1:
                later_x, later = out.x, out.reward
            for name, value in out.terms.items():
                terms[name] = terms.get(name, 0.0) + value
            if out.ended:
                break
        soon = np.array([sum(rewards[:span]) for span in world.SPANS])
        return x, later_x, reward, later, ended, total, discounted, soon, terms

    def search(self, seeds: np.ndarray, plan: Plan, optimism: float, horizon: int) -> np.ndarray:
        """Returns of the look-ahead player; only with deep copies, for a replay a step would cost too much."""
        if self.branching != "deep copy":
            raise UserError(f"{self.name} cannot be searched: it has no exact deep copies")
        return np.array([self._search(int(seed), plan, optimism, horizon) for seed in seeds])

    def _search(self, seed: int, plan: Plan, optimism: float, horizon: int) -> float:
        (_, mask), total = self._reset(seed), 0.0
        env = self.env
        for t in range(horizon):
            u = np.random.default_rng((seed, 99, t)).random(world.outputs(self.space))
            actions, legal = world.menu(np, self.space, plan.choices, u, mask)
            value = np.zeros(len(plan.which))
            for i, (b, stream) in enumerate(zip(plan.which, plan.first, strict=True)):
                if legal[b]:
                    number = int(stream) + 1000 * (t + 1)
                    value[i] = self._branch(
                        copy.deepcopy(env), (seed, t), actions[b], (number, number), plan.horizon, 1.0
                    )[5]
            by_action = value.reshape(-1, plan.choices)
            best = (1.0 - optimism) * by_action.mean(axis=0) + optimism * by_action.max(axis=0)
            out, mask = self._step(env, actions[int(np.argmax(np.where(legal, best, -np.inf)))])
            total += out.reward
            if out.ended:
                break
        return total

    def answers(self, seeds: np.ndarray, horizon: int) -> Answers | None:
        """Every action at every step, tried on a fork; None if it has no mask, no forks, or never refuses."""
        if not isinstance(self.space, Discrete) or self.branching.startswith("none"):
            return None
        found = [self._asked(int(seed), horizon) for seed in seeds]
        shape = (len(found), horizon, self.space.n)
        allowed, masked, known = np.ones(shape, bool), np.ones(shape, bool), np.zeros(shape[:2], bool)
        for i, rows in enumerate(found):
            for t, (yes, mask) in enumerate(rows):
                allowed[i, t], masked[i, t], known[i, t] = yes, mask, True
        return None if masked[known].all() or allowed[known].all() else Answers(allowed, masked, known)

    def redrawn(self, seeds: np.ndarray, draws: np.ndarray) -> Redrawn | None:
        """None: a Gymnasium environment draws whatever it needs from one generator."""

    def _asked(self, seed: int, horizon: int) -> list[tuple[np.ndarray, np.ndarray]]:
        rows, n = [], world.outputs(self.space)
        noise = self._noise(seed, 0, horizon)
        for t in range(horizon):
            _, mask, again = self._at(seed, t)
            yes = np.array([not self._step(again(), action, guarded=True)[0].refused for action in range(n)])
            rows.append((yes, mask))
            action = int(self._choose(noise[t], mask))
            if not yes[action] or self._step(again(), action)[0].ended:
                break
        return rows


def _names(space: spaces.Space[Any], width: int) -> tuple[str, ...]:
    if isinstance(space, spaces.Dict):
        sizes = {name: spaces.flatdim(inner) for name, inner in space.spaces.items()}
        return tuple(f"{name}.{i}" if size > 1 else name for name, size in sizes.items() for i in range(size))
    return tuple(str(i) for i in range(width))


def _layers(env: Any) -> Iterator[Any]:
    """The wrappers from outside in, then the environment itself."""
    while isinstance(env, gymnasium.Wrapper):
        yield env
        env = env.env
    yield env


def _equal(a: list[np.ndarray], b: list[np.ndarray]) -> bool:
    return len(a) == len(b) and all(np.array_equal(x, y, equal_nan=True) for x, y in zip(a, b, strict=True))


def _stack(episodes: list[list[tuple[Any, ...]]], horizon: int) -> Play:
    """Recorded rows as one `Play`, padded by the last."""
    n, (x, mask) = len(episodes), episodes[0][0]
    names = sorted({name for rows in episodes for row in rows[1:] for name in row[3].terms})
    first_action = next((row[2] for rows in episodes for row in rows[1:]), 0)
    blank = (
        np.zeros((n, horizon + 1, x.size)),
        np.ones((n, horizon + 1, mask.size), bool),
        np.zeros((n, horizon, *np.shape(first_action)), np.asarray(first_action).dtype),
        *(np.zeros((n, horizon), kind) for kind in (float, bool, bool, bool)),
        {name: np.zeros((n, horizon)) for name in names},
        np.zeros((n, horizon), bool),
    )
    play = Play._make(blank)
    for i, rows in enumerate(episodes):
        last = len(rows) - 1
        for t in range(horizon + 1):
            play.obs[i, t], play.mask[i, t] = rows[min(t, last)][:2]
        for t, (_, _, action, out) in enumerate(rows[1:]):
            play.action[i, t], play.reward[i, t], play.alive[i, t] = action, out.reward, True
            play.terminated[i, t], play.truncated[i, t] = out.terminated, out.truncated and not out.terminated
            play.rejected[i, t] = out.refused
            for name, value in out.terms.items():
                play.terms[name][i, t] = value
    return play
