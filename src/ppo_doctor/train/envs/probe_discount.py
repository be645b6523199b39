"""Probe of the discount: two steps, reward 1 at the end of the second. The critic must say gamma, then 1.

If `probe_backprop` passes and this fails, the return or the bootstrap is computed wrongly
(Jones 2021, https://andyljones.com/posts/rl-debugging.html).
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int, Key

from ppo_doctor.train.config import Config, Network, Schedule, constant
from ppo_doctor.train.env import AbstractEnv, Discrete, Step, View

MAX_STEPS = 2


class ProbeDiscount(AbstractEnv):
    """Observation 0, then 1, then the end with reward 1; two actions that make no difference."""

    @property
    def space(self) -> Discrete:
        """Two actions, equally good."""
        return Discrete(2)

    def draw(self, key: Key[Array, ""]) -> Float[Array, ""]:
        """Unused: nothing here is random."""
        return jax.random.uniform(key)

    def reset(self, noise: Float[Array, ""]) -> tuple[Int[Array, ""], View]:
        """The state counts steps and starts at 0."""
        del noise
        state = jnp.zeros((), jnp.int32)
        return state, self._view(state)

    def step(self, noise: Float[Array, ""], state: Int[Array, ""], action: Int[Array, ""]) -> tuple[Array, Step]:
        """One step on; the second pays and ends."""
        del noise, action
        last = state == 1
        reward = jnp.where(last, 1.0, 0.0)
        return state + 1, Step(self._view(state + 1), reward, last, jnp.zeros((), bool), {}, {"end": reward})

    def _view(self, state: Int[Array, ""]) -> View:
        return View(state[None].astype(jnp.float32), jnp.ones(2, bool))


def make(split: str = "train") -> ProbeDiscount:
    """The probe; the splits differ in their seeds only."""
    del split
    return ProbeDiscount()


def known(env: ProbeDiscount, gamma: float) -> dict[str, np.ndarray]:
    """Value gamma at observation 0 and 1 at observation 1; no action is best (-1).

    Returns `obs` [2, 1] and `mask` [2, 2] of every observation, and of the best policy at each of them
    `value` [2] and `action` [2] (-1: all are equally good).
    """
    del env
    return {
        "obs": np.array([[0.0], [1.0]], np.float32),
        "mask": np.ones((2, 2), bool),
        "value": np.array([gamma, 1.0], np.float32),
        "action": np.array([-1, -1]),
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
