"""Probe with an observation that is its own answer: reward = observation, one step. The critic must copy it.

If `probe_value` passes and this fails, the gradient does not reach the part of the network that sees the observation
(Jones 2021, https://andyljones.com/posts/rl-debugging.html).
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int, Key

from ppo_doctor.train.config import Config, Network, Schedule, constant
from ppo_doctor.train.env import AbstractEnv, Discrete, Step, View

MAX_STEPS = 1


class ProbeBackprop(AbstractEnv):
    """Observation -1 or +1 with equal odds, two actions that make no difference, reward = observation, the end."""

    @property
    def space(self) -> Discrete:
        """Two actions, equally good."""
        return Discrete(2)

    def draw(self, key: Key[Array, ""]) -> Float[Array, ""]:
        """The sign of the observation, as a uniform number."""
        return jax.random.uniform(key)

    def reset(self, noise: Float[Array, ""]) -> tuple[Float[Array, ""], View]:
        """-1 or +1, which is both state and observation."""
        state = jnp.where(noise < 0.5, -1.0, 1.0)
        return state, self._view(state)

    def step(self, noise: Float[Array, ""], state: Float[Array, ""], action: Int[Array, ""]) -> tuple[Array, Step]:
        """The observation as reward, and the end."""
        del noise, action
        no = jnp.zeros((), bool)
        return state, Step(self._view(state), state, ~no, no, {}, {"observation": state})

    def _view(self, state: Float[Array, ""]) -> View:
        return View(state[None], jnp.ones(2, bool))


def make(split: str = "train") -> ProbeBackprop:
    """The probe; the splits differ in their seeds only."""
    del split
    return ProbeBackprop()


def known(env: ProbeBackprop, gamma: float) -> dict[str, np.ndarray]:
    """The value is the observation; no action is best (-1).

    Returns `obs` [2, 1] and `mask` [2, 2] of every observation, and of the best policy at each of them
    `value` [2] and `action` [2] (-1: all are equally good).
    """
    del env, gamma
    signs = np.array([-1.0, 1.0], np.float32)
    return {"obs": signs[:, None], "mask": np.ones((2, 2), bool), "value": signs, "action": np.array([-1, -1])}


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
