"""Real bugs put into trainings with Stable-Baselines3: the invariant that each breaks must name it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
import torch
from gymnasium import spaces
from stable_baselines3.common import callbacks as sb3_callbacks
from stable_baselines3.common.buffers import RolloutBuffer
from stable_baselines3.common.callbacks import EvalCallback
from stable_baselines3.common.env_util import make_vec_env
from stable_baselines3.common.torch_layers import FlattenExtractor
from stable_baselines3.common.vec_env import VecEnvWrapper, VecNormalize

from ppo_doctor import store

BOX = spaces.Box(-0.5, 0.5, (2,), np.float32)


def fired(doctor: Any) -> set[str]:
    """Names of the critical rules that fired, on a training without an error of ours."""
    assert doctor._guard.errors == {}
    return {one.rule for one in doctor.report.findings if one.severity == "critical"}


class ClipsActions(RolloutBuffer):
    def add(self, obs: Any, action: Any, *rest: Any) -> None:
        super().add(obs, np.clip(action, -0.5, 0.5), *rest)


class ShiftsActions(RolloutBuffer):
    def add(self, obs: Any, action: Any, *rest: Any) -> None:
        super().add(obs, np.roll(action, 1, axis=0), *rest)


class LateRewards(RolloutBuffer):
    last = np.zeros(2)

    def add(self, obs: Any, action: Any, reward: Any, *rest: Any) -> None:
        super().add(obs, action, self.last, *rest)
        self.last = np.array(reward)


class IgnoresEnds(RolloutBuffer):
    def compute_returns_and_advantage(self, last_values: torch.Tensor, dones: np.ndarray) -> None:
        starts = self.episode_starts.copy()
        self.episode_starts[:] = 0.0
        super().compute_returns_and_advantage(last_values, dones)
        self.episode_starts[:] = starts


class DiscountsTwice(RolloutBuffer):
    def compute_returns_and_advantage(self, last_values: torch.Tensor, dones: np.ndarray) -> None:
        configured, self.gamma = self.gamma, self.gamma**2
        super().compute_returns_and_advantage(last_values, dones)
        self.gamma = configured


@pytest.mark.parametrize(
    ("buffer", "action", "rule"),
    [
        (ClipsActions, BOX, "log-prob-mismatch"),
        (ShiftsActions, None, "stored-action-differs"),
        (LateRewards, None, "reward-misaligned"),
        (IgnoresEnds, None, "advantage-mismatch"),
        (DiscountsTwice, None, "discount-shortened"),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_a_corrupted_buffer_is_named(
    buffer: Any, action: Any, rule: str, toy: Any, observe: Callable[..., Any]
) -> None:
    assert rule in fired(observe(lambda: toy(action), rollout_buffer_class=buffer))


class HidesEnds(gym.Wrapper):
    """Starts anew by itself and does not say so."""

    def step(self, action: Any) -> Any:
        obs, reward, terminated, truncated, info = self.env.step(action)
        if terminated or truncated:
            obs, _ = self.env.reset()
        return obs, reward, False, False, info


@pytest.mark.parametrize("monitor", [False, True])
def test_an_end_that_a_wrapper_hides_is_named(monitor: bool, toy: Any, observe: Callable[..., Any]) -> None:
    def env() -> gym.Env:
        return HidesEnds(gym.wrappers.RecordEpisodeStatistics(toy()) if monitor else toy())

    doctor = observe(env)
    assert {"ends-do-not-match", "done-flag-lost"} <= fired(doctor)
    assert store.load(doctor.path).series("n_episodes").value.max() == 16  # 2 x 64 steps, 8 an episode


class OneArray(VecEnvWrapper):
    """Hands out the same array at each step."""

    def reset(self) -> Any:
        self.shared = self.venv.reset()
        return self.shared

    def step_wait(self) -> Any:
        obs, *rest = self.venv.step_wait()
        self.shared[...] = obs
        return (self.shared, *rest)


def test_an_observation_array_that_is_used_again_is_named(toy: Any, observe: Callable[..., Any]) -> None:
    assert "observations-aliased" in fired(observe(OneArray(make_vec_env(toy, n_envs=2, seed=0))))


def test_an_evaluation_with_its_own_normalisation_is_named(
    toy: Any, observe: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sb3_callbacks, "sync_envs_normalization", lambda env, other: None)
    env, other = (VecNormalize(make_vec_env(lambda: toy(offset=4.0), n_envs=2, seed=seed)) for seed in (0, 1))
    other.training = False
    doctor = observe(env, callbacks=[EvalCallback(other, eval_freq=100, verbose=0)])
    assert "normaliser-not-shared" in fired(doctor)


def heat(temperature: float, stored: bool) -> Callable[[Any], None]:
    """Samples at a temperature, on a policy that has a preference; `stored`: and stores that log-probability."""

    def prepare(model: Any) -> None:
        policy = model.policy
        policy.action_net.weight.data *= 300.0

        def forward(obs: Any, deterministic: bool = False) -> Any:
            plain = policy.get_distribution(obs)
            hot = torch.distributions.Categorical(logits=plain.distribution.logits / temperature)
            action = hot.sample()
            return action, policy.predict_values(obs), hot.log_prob(action) if stored else plain.log_prob(action)

        policy.forward = forward

    return prepare


def test_a_temperature_in_the_stored_log_probability_alone_is_named(toy: Any, observe: Callable[..., Any]) -> None:
    assert {"log-prob-mismatch", "first-ratio-error"} <= fired(observe(toy, prepare=heat(3.0, stored=True)))


@pytest.mark.parametrize("temperature", [3.0, 0.1])
def test_a_temperature_that_no_log_probability_knows_is_named(
    temperature: float, toy: Any, observe: Callable[..., Any]
) -> None:
    doctor = observe(toy, prepare=heat(temperature, stored=False))
    assert fired(doctor) == {"sampling-differs"}


def test_parameters_that_the_optimiser_does_not_hold_are_named(toy: Any, observe: Callable[..., Any]) -> None:
    def prepare(model: Any) -> None:
        held = [*model.policy.mlp_extractor.parameters(), *model.policy.action_net.parameters()]
        model.policy.optimizer = torch.optim.Adam(held, lr=3e-4)

    assert "parameters-unmoved" in fired(observe(toy, prepare=prepare))


class Drops(FlattenExtractor):
    """Features with dropout, which only learning applies."""

    def __init__(self, space: Any) -> None:
        super().__init__(space)
        self.dropout = torch.nn.Dropout(0.5)

    def forward(self, obs: torch.Tensor) -> torch.Tensor:
        return self.dropout(super().forward(obs))


def test_dropout_that_only_learning_applies_is_named(toy: Any, observe: Callable[..., Any]) -> None:
    kwargs = {"net_arch": [8], "features_extractor_class": Drops}
    doctor = observe(toy, policy_kwargs=kwargs)
    assert "first-ratio-error" in fired(doctor)
    assert "log-prob-mismatch" not in fired(doctor)  # acting is right
