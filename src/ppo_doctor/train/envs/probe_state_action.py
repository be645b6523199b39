"""Probe of policy and critic together: one step, the better action depends on the observation.

If `probe_action` and `probe_backprop` pass and this fails, observations, actions and advantages of different rows are
mixed up, for example by shuffling them differently (Jones 2021, https://andyljones.com/posts/rl-debugging.html).
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int, Key

from ppo_doctor.train.config import Config, Network, Schedule, constant
from ppo_doctor.train.env import AbstractEnv, Discrete, Step, View

MAX_STEPS = 1


class ProbeStateAction(AbstractEnv):
    """Observation -1 or +1 with equal odds; action 0 suits -1 and action 1 suits +1: reward 1, else -1. The end."""

    @property
    def space(self) -> Discrete:
        """0 suits observation -1, 1 suits +1."""
        return Discrete(2)

    def draw(self, key: Key[Array, ""]) -> Float[Array, ""]:
        """The sign of the observation, as a uniform number."""
        return jax.random.uniform(key)

    def reset(self, noise: Float[Array, ""]) -> tuple[Float[Array, ""], View]:
        """-1 or +1, which is both state and observation."""
        state = jnp.where(noise < 0.5, -1.0, 1.0)
        return state, self._view(state)

    def step(self, noise: Float[Array, ""], state: Float[Array, ""], action: Int[Array, ""]) -> tuple[Array, Step]:
        """1 for the suitable action, else -1, and the end."""
        del noise
        reward = jnp.where((action == 1) == (state > 0), 1.0, -1.0)
        no = jnp.zeros((), bool)
        return state, Step(self._view(state), reward, ~no, no, {}, {"match": reward})

    def _view(self, state: Float[Array, ""]) -> View:
        return View(state[None], jnp.ones(2, bool))


def make(split: str = "train") -> ProbeStateAction:
    """The probe; the splits differ in their seeds only."""
    del split
    return ProbeStateAction()


def known(env: ProbeStateAction, gamma: float) -> dict[str, np.ndarray]:
    """Value 1 everywhere, by the action that suits the observation.

    Returns `obs` [2, 1] and `mask` [2, 2] of every observation, and of the best policy at each of them
    `value` [2] and `action` [2].
    """
    del env, gamma
    return {
        "obs": np.array([[-1.0], [1.0]], np.float32),
        "mask": np.ones((2, 2), bool),
        "value": np.ones(2, np.float32),
        "action": np.array([0, 1]),
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
