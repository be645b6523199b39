"""Probe of the action mask: one step, and in half of the states the action that pays most is forbidden.

The forbidden action would pay if taken, so a policy that ignores the mask looks *better* than the exact answer; the
metric `invalid` counts it. An illegal action must have probability exactly zero.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int, Key

from ppo_doctor.train.config import Config, Network, Schedule, constant
from ppo_doctor.train.env import AbstractEnv, Discrete, Step, View

MAX_STEPS = 1


class ProbeMask(AbstractEnv):
    """Action `i` pays `rewards[i]`; the best is legal at observation +1 and forbidden at observation -1. The end."""

    rewards: Float[Array, " actions"]

    @property
    def space(self) -> Discrete:
        """One action per entry of `rewards`."""
        return Discrete(self.rewards.shape[0])

    def draw(self, key: Key[Array, ""]) -> Float[Array, ""]:
        """The sign of the observation, as a uniform number."""
        return jax.random.uniform(key)

    def reset(self, noise: Float[Array, ""]) -> tuple[Float[Array, ""], View]:
        """-1 or +1, which is both state and observation."""
        state = jnp.where(noise < 0.5, -1.0, 1.0)
        return state, View(state[None], self._mask(state))

    def step(self, noise: Float[Array, ""], state: Float[Array, ""], action: Int[Array, ""]) -> tuple[Array, Step]:
        """The action's reward, whether legal or not, and the end."""
        del noise
        mask, reward, no = self._mask(state), self.rewards[action], jnp.zeros((), bool)
        metrics = {"invalid": 1.0 - mask[action].astype(jnp.float32)}
        return state, Step(View(state[None], mask), reward, ~no, no, metrics, {"action": reward})

    def _mask(self, state: Float[Array, ""]) -> Bool[Array, " actions"]:
        best = jnp.arange(self.rewards.shape[0]) == jnp.argmax(self.rewards)
        return ~best | (state > 0)


def make(split: str = "train", *, rewards: tuple[float, ...] = (0.0, 0.5, 1.0)) -> ProbeMask:
    """The probe with the given reward of each action; the splits differ in their seeds only."""
    del split
    return ProbeMask(jnp.asarray(rewards, jnp.float32))


def known(env: ProbeMask, gamma: float) -> dict[str, np.ndarray]:
    """The best reward at observation +1, the second best at -1.

    Returns `obs` [2, 1] and `mask` [2, actions] of every observation, and of the best policy at each of them
    `value` [2] and `action` [2].
    """
    del gamma
    rewards = np.asarray(env.rewards)
    second, best = np.argsort(rewards)[-2:]
    mask = np.ones((2, rewards.size), bool)
    mask[0, best] = False
    return {
        "obs": np.array([[-1.0], [1.0]], np.float32),
        "mask": mask,
        "value": rewards[[second, best]],
        "action": np.array([second, best]),
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
