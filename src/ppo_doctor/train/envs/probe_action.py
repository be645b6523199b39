"""Probe of the policy gradient: one observation, one step, the reward depends on the action alone.

If the value probes pass and this fails, the policy loss, its sign or the log-probabilities are wrong
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


class ProbeAction(AbstractEnv):
    """A bandit: action `i` pays `rewards[i]`, the end."""

    rewards: Float[Array, " actions"]

    @property
    def space(self) -> Discrete:
        """One action per entry of `rewards`."""
        return Discrete(self.rewards.shape[0])

    def draw(self, key: Key[Array, ""]) -> Float[Array, ""]:
        """Unused: nothing here is random."""
        return jax.random.uniform(key)

    def reset(self, noise: Float[Array, ""]) -> tuple[Int[Array, ""], View]:
        """The only state; the state counts steps."""
        del noise
        return jnp.zeros((), jnp.int32), self._view()

    def step(self, noise: Float[Array, ""], state: Int[Array, ""], action: Int[Array, ""]) -> tuple[Array, Step]:
        """The action's reward and the end."""
        del noise
        reward, no = self.rewards[action], jnp.zeros((), bool)
        return state + 1, Step(self._view(), reward, ~no, no, {}, {"action": reward})

    def _view(self) -> View:
        return View(jnp.zeros(1), jnp.ones(self.rewards.shape, bool))


def make(split: str = "train", *, rewards: tuple[float, ...] = (-1.0, 1.0)) -> ProbeAction:
    """The probe with the given reward of each action; the splits differ in their seeds only."""
    del split
    return ProbeAction(jnp.asarray(rewards, jnp.float32))


def known(env: ProbeAction, gamma: float) -> dict[str, np.ndarray]:
    """The largest reward and who pays it.

    Returns `obs` [1, 1] and `mask` [1, actions] of every observation, and of the best policy at each of them
    `value` [1] and `action` [1].
    """
    del gamma
    rewards = np.asarray(env.rewards)
    best = int(rewards.argmax())
    return {
        "obs": np.zeros((1, 1), np.float32),
        "mask": np.ones((1, rewards.size), bool),
        "value": rewards[[best]],
        "action": np.array([best]),
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
