"""PPO on any Gymnasium vector environment: the environment steps on the host, the update is the compiled one.

For small MLP policies the forward pass runs in NumPy, which is 18 % faster at 8 environments than a jitted call a step.
Exact resume is out of reach here: a foreign environment's state cannot be saved.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Iterator
from typing import Any

import gymnasium
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from ppo_doctor.errors import UserError
from ppo_doctor.train import distribution, policy, ppo, rollout
from ppo_doctor.train.config import Config
from ppo_doctor.train.distribution import Head
from ppo_doctor.train.env import Box, Discrete, MultiDiscrete, Space, View
from ppo_doctor.train.policy import ActorCritic, Tower
from ppo_doctor.train.ppo import Learner
from ppo_doctor.train.rollout import Episodes, Norms, Rollout, Worlds

NUMPY_ACTIVATIONS = {"tanh": np.tanh, "relu": lambda x: np.maximum(x, 0.0)}


def action_space(space: gymnasium.Space) -> Space:
    """Our description of a Gymnasium action space; `UserError` for one PPO cannot act in."""
    if isinstance(space, gymnasium.spaces.Discrete) and space.start == 0:
        return Discrete(int(space.n))
    if isinstance(space, gymnasium.spaces.MultiDiscrete):
        return MultiDiscrete(tuple(int(n) for n in space.nvec))
    if isinstance(space, gymnasium.spaces.Box) and space.shape is not None and len(space.shape) == 1:
        if not (np.all(np.isfinite(space.low)) and np.all(np.isfinite(space.high)) and np.all(space.low < space.high)):
            raise UserError(
                f"action bounds must be finite with low < high, got {space}; rescale the environment's actions"
            )
        return Box(tuple(map(float, space.low)), tuple(map(float, space.high)))
    raise UserError(
        f"cannot act in {space}; use Discrete (from 0), MultiDiscrete or a flat Box, or wrap the environment"
    )


def vector(env_id: str, n_envs: int) -> gymnasium.vector.VectorEnv:
    """A synchronous vector environment that resets within the step, so that final observations are kept."""
    same_step = gymnasium.vector.AutoresetMode.SAME_STEP
    try:
        return gymnasium.make_vec(
            env_id, n_envs, vectorization_mode="sync", vector_kwargs={"autoreset_mode": same_step}
        )
    except gymnasium.error.Error as error:
        raise UserError(f"cannot make environment {env_id!r}: {error}") from error


def init(config: Config, env: gymnasium.vector.VectorEnv, seed: int) -> Learner:
    """A fresh learner for this environment."""
    space = action_space(env.single_action_space)
    shape = env.single_observation_space.shape
    if shape is None or len(shape) != 1:
        raise UserError(f"needs a flat observation, got {env.single_observation_space}; wrap it in FlattenObservation")
    if env.num_envs != config.n_envs:
        raise UserError(
            f"the environment has {env.num_envs} copies, config.n_envs says {config.n_envs}; make them equal"
        )
    if env.metadata.get("autoreset_mode") != gymnasium.vector.AutoresetMode.SAME_STEP:
        raise UserError("make the vector environment with autoreset_mode=SAME_STEP: final observations are needed")
    ppo.check(config)
    model = policy.build(config.network, space, jnp.zeros(shape[0]), seed)
    n = config.n_envs
    nowhere = View(jnp.zeros(0), jnp.zeros(0, bool))  # the environment itself is on the host
    worlds = Worlds((), nowhere, jnp.zeros(n), jnp.zeros(n, jnp.int32), jnp.zeros(n))
    return ppo.fresh(config, model, worlds, jax.random.key(seed))


class _Stream:
    """The vector environment between rollouts: its last observation and mask, running returns, and the noise."""

    def __init__(self, config: Config, env: gymnasium.vector.VectorEnv, seed: int):
        self.env, self.rng = env, np.random.default_rng([seed, 0xAC7])
        self.space = action_space(env.single_action_space)
        self.obs, info = env.reset(seed=seed)
        self.mask = self._mask(info)
        self.returns, self.lengths = np.zeros(config.n_envs), np.zeros(config.n_envs)

    def _mask(self, info: dict[str, Any]) -> np.ndarray:
        if "action_mask" in info:
            return np.stack(list(info["action_mask"])).astype(bool)
        width = 0 if isinstance(self.space, Box) else distribution.width(self.space)
        return np.ones((self.env.num_envs, width), bool)


def forward(tower: Tower, x: np.ndarray) -> np.ndarray:
    """A tower in NumPy; `tower`'s leaves are NumPy arrays."""
    for layer in tower.layers[:-1]:
        x = NUMPY_ACTIVATIONS[tower.activation](x @ layer.weight + layer.bias)
    return x @ tower.last.weight + tower.last.bias


def _sample_discrete(logits: np.ndarray, mask: np.ndarray, uniform: np.ndarray, temperature: float):
    """Inverse-CDF draw from the masked categorical, and its log-probability; the same formula as on the device."""
    z = logits if temperature == 1.0 else logits / np.float32(temperature)
    z = z if mask.all() else np.where(mask, z, np.float32(distribution.ILLEGAL))
    z = z - np.maximum.reduce(z, axis=1, keepdims=True)
    cumulative = np.add.accumulate(np.exp(z), axis=1)
    total = cumulative[:, -1]
    action = (cumulative > (uniform * total)[:, None]).argmax(axis=1)
    return action, z[np.arange(len(z)), action] - np.log(total)


_sample = jax.jit(distribution.sample_rows, static_argnums=0)
_to_env = jax.jit(jax.vmap(distribution.to_env, in_axes=(None, 0, None)), static_argnums=(0, 2))


def _act(config: Config, stream: _Stream, host: ActorCritic, norms: Norms, temperature: float):
    """(raw action, action for the environment, log-probability) of every row."""
    x = np.asarray(stream.obs, np.float32)
    if config.normalize_obs:
        x = np.clip((x - norms.obs.mean) / np.sqrt(norms.obs.var + 1e-8), -10.0, 10.0)
    out = forward(host.actor, x)  # type: ignore[arg-type]
    if isinstance(stream.space, Discrete):
        uniform = stream.rng.random(len(x), np.float32)
        action, log_prob = _sample_discrete(out, stream.mask, uniform, temperature)
        return action, action, log_prob
    shape = (len(x), len(stream.space.sizes) if isinstance(stream.space, MultiDiscrete) else len(stream.space.low))
    noise = stream.rng.random(shape, np.float32)
    if isinstance(stream.space, Box):
        noise = stream.rng.standard_normal(shape, np.float32)
    action, log_prob = _sample(
        stream.space, Head(jnp.asarray(out), host.log_std), stream.mask, noise, jnp.float32(temperature)
    )
    bounded = action
    if isinstance(stream.space, Box):
        low, high = np.asarray(stream.space.low), np.asarray(stream.space.high)
        unit = np.tanh(action) if config.network.squash == "tanh" else np.clip(action, -1.0, 1.0)
        bounded = (low + (unit + 1.0) * 0.5 * (high - low)).astype(np.float32)
    return np.asarray(action), np.asarray(bounded), np.asarray(log_prob)


def collect(
    config: Config, stream: _Stream, learner: Learner, temperature: float
) -> tuple[dict[str, np.ndarray], Episodes]:
    """`n_steps` of every environment into NumPy columns [t, envs]; `final_obs` where an episode was cut."""
    host, norms = jax.tree.map(np.asarray, (learner.model, learner.norms))
    t, n = config.n_steps, config.n_envs
    columns: dict[str, Any] = {
        "obs": np.empty((t + 1, n, stream.obs.shape[1]), np.float32),
        "mask": np.empty((t, n, stream.mask.shape[1]), bool),
        "reward": np.empty((t, n), np.float32),
        "terminated": np.empty((t, n), bool),
        "truncated": np.empty((t, n), bool),
        "log_prob": np.empty((t, n), np.float32),
    }
    actions, finals, ended = [], [], np.zeros(3)
    for i in range(t):
        action, bounded, log_prob = _act(config, stream, host, norms, temperature)
        columns["obs"][i], columns["mask"][i], columns["log_prob"][i] = stream.obs, stream.mask, log_prob
        stream.obs, reward, terminated, truncated, info = stream.env.step(bounded)
        truncated = truncated & ~terminated
        columns["reward"][i], columns["terminated"][i], columns["truncated"][i] = reward, terminated, truncated
        actions.append(action)
        stream.mask = stream._mask(info) if "action_mask" in info else stream.mask
        stream.returns += reward
        stream.lengths += 1
        done = terminated | truncated
        if done.any():
            finals += [(i, j, info["final_obs"][j]) for j in np.flatnonzero(truncated)]
            ended += [done.sum(), stream.returns[done].sum(), stream.lengths[done].sum()]
            stream.returns[done] = stream.lengths[done] = 0.0
    columns["obs"][t] = stream.obs
    columns["action"] = np.stack(actions)
    columns["final_value"] = _final_values(config, host, norms, finals, (t, n))
    finished, total_return, total_length = (jnp.float32(x) for x in ended)
    return columns, Episodes(finished, total_return, total_length, {})


def _final_values(
    config: Config, host: ActorCritic, norms: Norms, finals: list[Any], shape: tuple[int, int]
) -> np.ndarray:
    """V of the last observation of every cut episode, 0 elsewhere."""
    values = np.zeros(shape, np.float32)
    if not finals:
        return values
    x = np.stack([obs for _, _, obs in finals]).astype(np.float32)
    if config.normalize_obs:
        x = np.clip((x - norms.obs.mean) / np.sqrt(norms.obs.var + 1e-8), -10.0, 10.0)
    v = forward(host.critic, x)[:, 0]  # type: ignore[arg-type]
    if config.normalize_targets:
        v = v * np.sqrt(norms.target.var[0] + 1e-8) + norms.target.mean[0]
    values[[i for i, _, _ in finals], [j for _, j, _ in finals]] = v
    return values


@functools.partial(jax.jit, static_argnums=(0, 1), donate_argnums=2, compiler_options=ppo.COMPILER)
def learn(config: Config, space: Space, learner: Learner, columns: dict[str, Array], ended: Episodes):
    """The compiled half: values of the whole rollout, then the same update as on the device."""
    obs = columns["obs"]
    flat = obs.reshape(-1, obs.shape[-1])
    value = rollout.values(config, learner.model, learner.norms, flat).reshape(obs.shape[:2])
    next_value = jnp.where(columns["truncated"], columns["final_value"], value[1:])
    seen = Rollout(
        obs[:-1],
        columns["mask"],
        columns["action"],
        columns["log_prob"],
        value[:-1],
        next_value,
        columns["reward"],
        columns["terminated"],
        columns["truncated"],
        {},
    )
    key, key_epochs = jax.random.split(learner.key)
    return ppo.learn(config, space, learner._replace(key=key), seen, ended, key_epochs)


def train(config: Config, env: gymnasium.vector.VectorEnv, seed: int = 0) -> Iterator[tuple[Learner, dict[str, float]]]:
    """Yield (learner, signals) after every update, as `ppo.train` does, on a Gymnasium vector environment."""
    learner, stream = init(config, env, seed), _Stream(config, env, seed)
    rows = config.rollout_rows
    for done in range(config.n_updates):
        begin = time.perf_counter()
        temperature = float(ppo.knobs(config, learner.controls).temperature) if _warm(config) else 1.0
        columns, ended = collect(config, stream, learner, temperature)
        learner, packed = learn(config, stream.space, learner, columns, ended)
        signals = ppo.flatten(config, done, packed)
        signals |= {"env_steps": float((done + 1) * rows), "steps_per_second": rows / (time.perf_counter() - begin)}
        yield learner, signals
        ppo.stop_if_refused(learner, signals)


def _warm(config: Config) -> bool:
    """Whether the temperature is ever other than 1: reading it off the device costs a call per update."""
    return (
        config.pulse_temperature is not None or config.temperature.kind != "constant" or config.temperature.start != 1.0
    )
