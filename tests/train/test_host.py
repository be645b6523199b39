"""PPO on Gymnasium vector environments: the same update, fed from the host."""

from __future__ import annotations

import dataclasses

import gymnasium
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from ppo_doctor.errors import UserError
from ppo_doctor.train import host
from ppo_doctor.train.config import Config, Network, Schedule, constant

SMALL = Config(
    total_steps=512, n_envs=4, n_steps=32, batch_size=64, n_epochs=2, network=Network(actor=(8,), critic=(8,))
)


@pytest.mark.parametrize(
    "change",
    [{}, {"temperature": constant(2.0)}, {"normalize_obs": True}, {"normalize_targets": True}],
    ids=["plain", "temperature", "normalize_obs", "popart"],
)
def test_first_ratio_is_one(change):
    config = dataclasses.replace(SMALL, **change)
    for _, signals in host.train(config, host.vector("CartPole-v1", 4), seed=1):
        assert signals["first_ratio_error"] < 1e-5
        assert signals["nonfinite_count"] == 0


def test_continuous_actions_keep_the_ratio():
    for _, signals in host.train(SMALL, host.vector("Pendulum-v1", 4), seed=1):
        assert signals["first_ratio_error"] < 1e-4


def test_columns_replay_the_environment():
    """Actions, rewards and ends of the first rollout, replayed in four plain environments."""
    env = host.vector("CartPole-v1", 4)
    learner = host.init(SMALL, env, seed=3)
    stream = host._Stream(SMALL, env, seed=3)
    columns, ended = host.collect(SMALL, stream, learner, 1.0)
    finished, total = 0, 0.0
    for i in range(4):
        single = gymnasium.make("CartPole-v1")
        obs, _ = single.reset(seed=3 + i)
        running = 0.0
        for t in range(32):
            np.testing.assert_allclose(columns["obs"][t, i], obs, rtol=1e-6)
            obs, reward, terminated, truncated, _ = single.step(int(columns["action"][t, i]))
            running += float(reward)
            assert (reward, terminated, truncated) == tuple(
                columns[k][t, i] for k in ("reward", "terminated", "truncated")
            )
            if terminated or truncated:
                finished, total, running = finished + 1, total + running, 0.0
                obs, _ = single.reset()
    assert (float(ended.finished), float(ended.total_return)) == (finished, total)


class Masked(gymnasium.Env):
    """Two of three actions are legal, which ones alternates; the illegal one would end the test."""

    observation_space = gymnasium.spaces.Box(-1, 1, (1,))
    action_space = gymnasium.spaces.Discrete(3)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.t = 0
        return self._obs(), {"action_mask": self._mask()}

    def step(self, action):
        assert self._mask()[action], "an illegal action was executed"
        self.t += 1
        return self._obs(), 1.0, self.t >= 7, False, {"action_mask": self._mask()}

    def _obs(self):
        return np.array([self.t % 2], np.float32)

    def _mask(self):
        return np.array([True, self.t % 2 == 0, self.t % 2 == 1])


def test_masks_from_info_are_obeyed():
    same_step = gymnasium.vector.AutoresetMode.SAME_STEP
    env = gymnasium.vector.SyncVectorEnv([Masked] * 4, autoreset_mode=same_step)
    for _, signals in host.train(SMALL, env, seed=0):
        assert signals["mean_ep_length"] == 7


def test_learns_cartpole():
    config = Config(
        total_steps=60_000,
        n_envs=8,
        n_steps=128,
        batch_size=256,
        n_epochs=10,
        learning_rate=Schedule(1e-3, 1e-4, "linear"),
    )
    returns = [s["mean_ep_return"] for _, s in host.train(config, host.vector("CartPole-v1", 8), seed=0)]
    assert np.nanmean(returns[-5:]) > 150  # random play gives 22; seven seeds gave 250 to 480


def test_mistakes_are_one_line():
    with pytest.raises(UserError, match="cannot make environment"):
        host.vector("NoSuchEnv-v0", 2)
    with pytest.raises(UserError, match="copies"):
        host.init(SMALL, host.vector("CartPole-v1", 2), 0)
    with pytest.raises(UserError, match="SAME_STEP"):
        host.init(SMALL, gymnasium.make_vec("CartPole-v1", 4, vectorization_mode="sync"), 0)
    with pytest.raises(UserError, match="finite"):
        host.action_space(gymnasium.spaces.Box(-np.inf, np.inf, (2,)))


def test_numpy_forward_equals_the_compiled_one():
    learner = host.init(SMALL, host.vector("CartPole-v1", 4), 0)
    x = np.random.default_rng(0).normal(size=(5, 4)).astype(np.float32)
    tower = jax.tree.map(np.asarray, learner.model.actor)
    np.testing.assert_allclose(host.forward(tower, x), learner.model.actor(jnp.asarray(x)), atol=1e-6)
