"""Probe with one constant answer: reward 1 whatever one does, one step. The critic must say 1.

A wrong answer accuses the value loss or its optimiser: nothing else is involved (Jones 2021, "Debugging RL, without
the agonizing pain", https://andyljones.com/posts/rl-debugging.html).
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int, Key

from ppo_doctor.train.config import Config, Network, Schedule, constant
from ppo_doctor.train.env import AbstractEnv, Discrete, Step, View

MAX_STEPS = 1


class ProbeValue(AbstractEnv):
    """One observation, two actions that make no difference, reward `reward`, the end."""

    reward: Float[Array, ""]

    @property
    def space(self) -> Discrete:
        """Two actions, equally good."""
        return Discrete(2)

    def draw(self, key: Key[Array, ""]) -> Float[Array, ""]:
        """Unused: nothing here is random."""
        return jax.random.uniform(key)

    def reset(self, noise: Float[Array, ""]) -> tuple[Int[Array, ""], View]:
        """The only state; the state counts steps."""
        del noise
        return jnp.zeros((), jnp.int32), self._view()

    def step(self, noise: Float[Array, ""], state: Int[Array, ""], action: Int[Array, ""]) -> tuple[Array, Step]:
        """The reward and the end."""
        del noise, action
        reward, no = jnp.asarray(self.reward), jnp.zeros((), bool)
        return state + 1, Step(self._view(), reward, ~no, no, {}, {"constant": reward})

    def _view(self) -> View:
        return View(jnp.zeros(1), jnp.ones(2, bool))


def make(split: str = "train", *, reward: float = 1.0) -> ProbeValue:
    """The probe with a given constant reward; the splits differ in their seeds only."""
    del split
    return ProbeValue(jnp.float32(reward))


def known(env: ProbeValue, gamma: float) -> dict[str, np.ndarray]:
    """The value is the reward; no action is best (-1).

    Returns `obs` [1, 1] and `mask` [1, 2] of every observation, and of the best policy at each of them
    `value` [1] and `action` [1] (-1: all are equally good).
    """
    del gamma
    return {
        "obs": np.zeros((1, 1), np.float32),
        "mask": np.ones((1, 2), bool),
        "value": np.asarray(env.reward).reshape(1),
        "action": np.array([-1]),
    }


CONFIGS = {
    "default": Config(
        total_steps=16_384,
        n_envs=16,
        n_steps=16,
        batch_size=64,
        n_epochs=4,
        learning_rate=Schedule(1e-2, 0.0, "linear"),
        ent_coef=constant(0.0),
        gamma=0.9,
        network=Network(actor=(16,), critic=(16,)),
    )
}
