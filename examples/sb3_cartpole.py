"""Stable-Baselines3's CartPole example, with two lines added: the ones marked below.

python examples/sb3_cartpole.py                        a sound training
python examples/sb3_cartpole.py --learning-rate 0.1    one that cannot work; the cause is named while it trains
"""

import argparse

from stable_baselines3 import PPO
from stable_baselines3.common.env_util import make_vec_env

from ppo_doctor.adapters.sb3 import Doctor  # added

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--learning-rate", type=float, default=3e-4)
    parser.add_argument("--steps", type=int, default=25_000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()

    vec_env = make_vec_env("CartPole-v1", n_envs=4, seed=given.seed)
    model = PPO(
        "MlpPolicy", vec_env, n_steps=256, learning_rate=given.learning_rate, seed=given.seed, device="cpu", verbose=0
    )
    model.learn(
        total_timesteps=given.steps,
        callback=Doctor(known={"random_return": 22.0, "best_baseline_return": 500.0}),  # added
    )
