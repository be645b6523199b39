"""Tiny trainings with Stable-Baselines3 under observation."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
import torch
from gymnasium import spaces
from stable_baselines3 import PPO
from stable_baselines3.common.env_util import make_vec_env

from ppo_doctor.adapters.sb3 import Doctor

torch.set_num_threads(1)
SMALL = {"n_steps": 64, "batch_size": 32, "n_epochs": 2, "device": "cpu", "seed": 0}


class Toy(gym.Env):
    """Noisy observations, episodes of eight steps, pays for actions that are large where the observation is."""

    def __init__(
        self, action: spaces.Space | None = None, observation: spaces.Space | None = None, offset: float = 0.0
    ) -> None:
        self.action_space = action or spaces.Discrete(3)
        self.observation_space = observation or spaces.Box(-5.0, 5.0, (4,), np.float32)
        self.t, self.offset = 0, offset

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> Any:
        super().reset(seed=seed)
        self.t = 0
        return self._look(), {}

    def step(self, action: Any) -> Any:
        self.t += 1
        size = float(np.clip(np.mean(action), -2.0, 2.0))
        reward = size * self.sign + float(self.np_random.normal()) * 0.1
        return self._look(), reward, self.t >= 8, False, {}

    def action_masks(self) -> np.ndarray:
        mask = np.ones(3, bool)
        mask[self.t % 3] = False
        return mask

    def _look(self) -> Any:
        seen = np.clip(self.np_random.normal(size=4), -5.0, 5.0).astype(np.float32)
        self.sign = np.sign(seen[0])
        if isinstance(self.observation_space, spaces.Dict):
            return {"near": seen[:2], "far": seen[2:]}
        return seen + np.float32(self.offset)


@pytest.fixture
def toy() -> type[Toy]:
    return Toy


@pytest.fixture
def small() -> dict[str, Any]:
    """Settings of a tiny PPO."""
    return {**SMALL, "policy_kwargs": {"net_arch": [8]}}


@pytest.fixture
def observe(tmp_path: Path, small: dict[str, Any]) -> Callable[..., Doctor]:
    """Trains a tiny PPO on an environment under a `Doctor`, and gives that back."""

    def train(
        env: Any, algorithm: type[PPO] = PPO, callbacks: Any = (), prepare: Callable[[PPO], None] = bool, **changes: Any
    ) -> Doctor:
        venv = env if hasattr(env, "num_envs") else make_vec_env(env, n_envs=2, seed=0)
        policy = "MultiInputPolicy" if isinstance(venv.observation_space, spaces.Dict) else "MlpPolicy"
        said: list[str] = []
        doctor = Doctor(tmp_path / "run", share=math.inf, say=said.append)
        model = algorithm(policy, venv, **{**small, **changes})
        prepare(model)
        model.learn(512, callback=[*callbacks, doctor])
        doctor.said = said
        return doctor

    return train
