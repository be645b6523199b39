"""Stable-Baselines3's PPO on CartPole as its users run it, with one torch thread."""

import numpy as np
import torch
from stable_baselines3 import PPO
from stable_baselines3.common.env_util import make_vec_env

torch.set_num_threads(1)


def build(n_envs: int, n_steps: int, n_epochs: int, batch_size: int) -> PPO:
    """64-64 tanh actor and critic, `DummyVecEnv` with `Monitor`, the benchmark's coefficients."""
    return PPO(
        "MlpPolicy",
        make_vec_env("CartPole-v1", n_envs, seed=0),
        n_steps=n_steps,
        batch_size=batch_size,
        n_epochs=n_epochs,
        learning_rate=2.5e-4,
        gamma=0.99,
        gae_lambda=0.95,
        clip_range=0.2,
        ent_coef=0.01,
        vf_coef=0.5,
        max_grad_norm=0.5,
        policy_kwargs={"net_arch": {"pi": [64, 64], "vf": [64, 64]}},
        device="cpu",
        seed=0,
    )


def mean_return(model: PPO) -> float:
    """Mean return of the last 100 training episodes."""
    return float(np.mean([episode["r"] for episode in model.ep_info_buffer]))
