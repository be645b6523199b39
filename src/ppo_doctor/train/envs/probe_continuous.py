"""Probe of continuous actions: one step, the cost is the squared distance to a target that the observation names.

The ranges differ in width and one is not centred on zero, so a policy that confuses action units with normalised ones
misses. The cost is in units of half a range: a Gaussian with standard deviation s (same units) earns -s^2 per part.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Key

from ppo_doctor.train.config import Config, Network, Schedule, constant
from ppo_doctor.train.env import AbstractEnv, Box, Step, View

MAX_STEPS = 1
LOW = (-1.0, 0.0)
HIGH = (1.0, 8.0)


class ProbeContinuous(AbstractEnv):
    """Observation o uniform in [-1, 1]; targets are the ranges' centres plus o times `slope` half ranges. The end."""

    slope: Float[Array, " 2"]

    @property
    def space(self) -> Box:
        """Two real parts with different ranges."""
        return Box(LOW, HIGH)

    def draw(self, key: Key[Array, ""]) -> Float[Array, ""]:
        """The observation."""
        return jax.random.uniform(key, minval=-1.0)

    def reset(self, noise: Float[Array, ""]) -> tuple[Float[Array, ""], View]:
        """The observation is the state."""
        return noise, self._view(noise)

    def step(self, noise: Float[Array, ""], state: Float[Array, ""], action: Float[Array, " 2"]) -> tuple[Array, Step]:
        """Minus the squared error of either part, and the end."""
        del noise
        low, high = jnp.asarray(LOW), jnp.asarray(HIGH)
        error = (action - (low + high) / 2) / ((high - low) / 2) - self.slope * state
        cost, no = -(error**2), jnp.zeros((), bool)
        return state, Step(self._view(state), cost.sum(), ~no, no, {}, {"first": cost[0], "second": cost[1]})

    def _view(self, state: Float[Array, ""]) -> View:
        return View(state[None], jnp.ones(0, bool))


def make(split: str = "train", *, slope: tuple[float, float] = (0.5, -0.25)) -> ProbeContinuous:
    """The probe with targets moving by `slope` half ranges per unit of observation; splits differ in seeds only."""
    del split
    return ProbeContinuous(jnp.asarray(slope, jnp.float32))


def known(env: ProbeContinuous, gamma: float) -> dict[str, np.ndarray]:
    """The best action is the target and its value 0, on a grid of five observations.

    Returns `obs` [5, 1] and `mask` [5, 0] of every observation, and of the best policy at each of them
    `value` [5] and `action` [5, 2] (action units).
    """
    del gamma
    obs = np.linspace(-1, 1, 5, dtype=np.float32)[:, None]
    low, high = np.array(LOW), np.array(HIGH)
    target = (low + high) / 2 + obs * np.asarray(env.slope) * (high - low) / 2
    return {"obs": obs, "mask": np.ones((5, 0), bool), "value": np.zeros(5, np.float32), "action": target}


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
