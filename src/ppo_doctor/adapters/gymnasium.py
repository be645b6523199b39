"""Our environments as `gymnasium.Env`, so that any library can train on them (https://gymnasium.farama.org/api/env).

    env = GymnasiumEnv("batch_jobs", trace="hpc2n")     # or any `AbstractEnv`
    register(); gymnasium.make("ppo_doctor/batch_jobs-v0")

sb3-contrib's `MaskablePPO` finds the mask by itself, through `action_masks`.
"""

from __future__ import annotations

from typing import Any

import gymnasium
import jax
import numpy as np
from gymnasium import spaces

from ppo_doctor.errors import UserError
from ppo_doctor.train import envs
from ppo_doctor.train.env import AbstractEnv, Discrete, MultiDiscrete, Space, View

RENAMED = {"items": "items_"}


def action_space(space: Space) -> spaces.Space[Any]:
    """Gymnasium's form of an action space; real actions keep their units."""
    if isinstance(space, Discrete):
        return spaces.Discrete(space.n)
    if isinstance(space, MultiDiscrete):
        return spaces.MultiDiscrete(np.array(space.sizes))
    return spaces.Box(np.array(space.low, np.float32), np.array(space.high, np.float32))


def observation_space(obs: Any) -> spaces.Space[Any]:
    """The space of observations shaped like `obs`: a Box per array, a Dict for a dict. Bounds are those of the type."""
    if isinstance(obs, dict):
        return spaces.Dict({name: observation_space(x) for name, x in foreign(obs).items()})
    kind = np.dtype(obs.dtype)
    if kind.kind == "b":
        return spaces.MultiBinary(obs.shape)
    info = np.finfo(kind) if np.issubdtype(kind, np.floating) else np.iinfo(kind)
    return spaces.Box(info.min, info.max, obs.shape, kind.type)


def foreign(obs: Any) -> Any:
    """Observations as other libraries can name them: `items` becomes `items_`, for torch's ModuleDict owns the word."""
    return {RENAMED.get(name, name): x for name, x in obs.items()} if isinstance(obs, dict) else obs


@jax.jit
def _reset(env: AbstractEnv, key: jax.Array) -> tuple[jax.Array, Any, View]:
    key, draw = jax.random.split(key)
    return key, *env.reset(env.draw(draw))


@jax.jit
def _step(env: AbstractEnv, key: jax.Array, state: Any, action: jax.Array) -> tuple[jax.Array, Any, Any]:
    key, draw = jax.random.split(key)
    return key, *env.step(env.draw(draw), state, action)


class GymnasiumEnv(gymnasium.Env[Any, Any]):
    """One of our environments, stepped on the host.

    env: an `AbstractEnv`, or the name of one, made with `params`. All randomness comes from `reset(seed=...)`.
    illegal: what to do with an illegal action. "substitute": take the illegal part's first legal option instead, and
    say so in `info["metrics"]["invalid"]` (for libraries that know no masks); "raise": `UserError`.
    `info` holds `action_mask` (int8, as `Discrete.sample` takes it; not for real actions), `metrics`, `reward_terms`.
    Raises `UserError` for several agents.
    """

    metadata: dict[str, Any] = {"render_modes": []}  # noqa: RUF012 (declared so by the base class)

    def __init__(
        self, env: AbstractEnv | str, *, illegal: str = "substitute", render_mode: str | None = None, **params: Any
    ):
        if illegal not in ("substitute", "raise"):
            raise UserError(f"illegal must be 'substitute' or 'raise', not {illegal!r}")
        self.env = envs.make(env, **params) if isinstance(env, str) else env
        if self.env.num_agents > 1:
            raise UserError(f"GymnasiumEnv takes one agent; {type(self.env).__name__} has {self.env.num_agents}")
        self.illegal, self.render_mode = illegal, render_mode
        self._key = jax.random.key(0)
        _, _, view = jax.eval_shape(_reset, self.env, self._key)
        self.action_space = action_space(self.env.space)
        self.observation_space = observation_space(view.obs)
        self._state: Any = None
        self._mask = np.ones(view.mask.shape, bool)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """A first observation. The same seed gives the same episode under the same actions."""
        super().reset(seed=seed)
        del options
        self._key = jax.random.key(int(self.np_random.integers(2**31)))
        self._key, self._state, view = _reset(self.env, self._key)
        return self._seen(view), self._info({}, {})

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """(observation, reward, terminated, truncated, info); the observation is the one before any reset."""
        if self._state is None:
            raise UserError("call reset() before step()")
        action, invalid = self._legal(action)
        self._key, self._state, step = _step(self.env, self._key, self._state, action)
        step = jax.device_get(step)
        metrics = {name: float(x) for name, x in step.metrics.items()}
        if self._mask.size:
            metrics["invalid"] = float(invalid)
        terms = {name: float(x) for name, x in step.reward_terms.items()}
        endings = bool(step.terminated), bool(step.truncated)
        obs = self._seen(step.view)
        return obs, float(step.reward), *endings, self._info(metrics, terms)

    def action_masks(self) -> np.ndarray:
        """True where an action is legal now; the parts' masks in a row for `MultiDiscrete`."""
        return self._mask

    def _seen(self, view: View) -> Any:
        view = jax.device_get(view)
        self._mask = np.array(view.mask)
        return foreign(jax.tree.map(np.array, view.obs))

    def _info(self, metrics: dict[str, float], terms: dict[str, float]) -> dict[str, Any]:
        info: dict[str, Any] = {"metrics": metrics, "reward_terms": terms}
        return info | ({"action_mask": self._mask.astype(np.int8)} if self._mask.size else {})

    def _legal(self, action: Any) -> tuple[np.ndarray, bool]:
        """The action to take, and whether it is another one than asked for."""
        if not self._mask.size:
            return np.asarray(action, np.float32), False
        parts, wanted = self._parts(), np.atleast_1d(np.asarray(action, np.int32))
        illegal = [not (0 <= a < len(mask) and mask[a]) for a, mask in zip(wanted, parts, strict=True)]
        if any(illegal) and self.illegal == "raise":
            raise UserError(f"action {action} is illegal; see info['action_mask'] or action_masks()")
        legal = [int(mask.argmax()) if bad else a for a, mask, bad in zip(wanted, parts, illegal, strict=True)]
        return np.asarray(legal, np.int32).reshape(np.shape(action)), any(illegal)

    def _parts(self) -> list[np.ndarray]:
        space = self.env.space
        sizes = space.sizes if isinstance(space, MultiDiscrete) else (self._mask.size,)
        return np.split(self._mask, np.cumsum(sizes)[:-1])


def register() -> list[str]:
    """Register every single-agent environment as `ppo_doctor/NAME-v0` with Gymnasium; returns the ids."""
    ids = []
    for name in envs.names():
        ids.append(f"ppo_doctor/{name}-v0")
        if ids[-1] not in gymnasium.registry:
            gymnasium.register(ids[-1], entry_point=f"{__name__}:GymnasiumEnv", kwargs={"env": name})
    return ids
