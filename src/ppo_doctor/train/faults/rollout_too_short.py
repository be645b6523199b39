"""Fault: rollouts are far too short.

Seen at 1 to 10. The advantage sees a few rewards and then believes the critic; few episodes end within a rollout, and
its statistics are noise.
"""

from __future__ import annotations

from dataclasses import replace

from ppo_doctor.train.config import Config
from ppo_doctor.train.env import AbstractEnv
from ppo_doctor.train.fault import Fault


def config(config: Config, strength: float) -> Config:
    """`strength` steps of each environment per rollout; minibatches no larger than that."""
    steps = max(1, min(config.n_steps, int(strength)))
    return replace(config, n_steps=steps, batch_size=min(config.batch_size, steps * config.n_envs))


def _suits(env: AbstractEnv, config: Config) -> bool:
    sizes = [min(config.batch_size, steps * config.n_envs) for steps in (1, 2)]
    return all(steps * config.n_envs * env.num_agents % size == 0 for steps, size in zip((1, 2), sizes, strict=True))


FAULT = Fault("rollout-too-short", "config", "rollouts have a few steps only", (2.0, 1.0), suits=_suits, config=config)
