"""Stable-Baselines3's CartPole with an injected learning rate of 0.1: the callback names the cause while it trains."""

from __future__ import annotations

import math
from pathlib import Path

from stable_baselines3 import PPO
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.env_util import make_vec_env

from ppo_doctor.adapters.sb3 import Doctor

CAUSE = "learning-rate-too-high"


class Listens(BaseCallback):
    """Notes how much had been said by the last step."""

    def __init__(self, said: list[str]) -> None:
        super().__init__()
        self.said, self.before_the_end = said, ""

    def _on_step(self) -> bool:
        self.before_the_end = "\n".join(self.said)
        return True


def test_a_learning_rate_of_a_tenth_is_named_while_training(tmp_path: Path) -> None:
    said: list[str] = []
    doctor, listens = Doctor(tmp_path / "run", share=math.inf, say=said.append), Listens(said)
    env = make_vec_env("CartPole-v1", n_envs=4, seed=0)
    model = PPO("MlpPolicy", env, n_steps=256, learning_rate=0.1, seed=0, device="cpu")
    model.learn(12_288, callback=[doctor, listens])
    assert f"most likely cause now: {CAUSE}" in listens.before_the_end
    assert doctor.report is not None
    assert doctor.report.causes[0].cause.id == CAUSE


def test_the_example_differs_from_sb3_s_own_by_two_additions() -> None:
    text = (Path(__file__).parents[2] / "examples" / "sb3_cartpole.py").read_text()
    assert text.count("# added") == 2
