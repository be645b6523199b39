"""Probe of actions in parts (multi-discrete): one step, two choices of different size, the second one masked at times.

If the single-choice probes pass and this fails, the parts' logits, masks or log-probabilities are cut in wrong places.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int, Key

from ppo_doctor.train.config import Config, Network, Schedule, constant
from ppo_doctor.train.env import AbstractEnv, MultiDiscrete, Step, View

MAX_STEPS = 1
SIZES = (2, 3)


class ProbeParts(AbstractEnv):
    """Part one should say which observation (-1: 0, +1: 1) it is, for 1; part two's option k pays `rewards[k]`.

    Part two's best option is forbidden at observation -1. The end.
    """

    rewards: Float[Array, " 3"]

    @property
    def space(self) -> MultiDiscrete:
        """Two options and three options."""
        return MultiDiscrete(SIZES)

    def draw(self, key: Key[Array, ""]) -> Float[Array, ""]:
        """The sign of the observation, as a uniform number."""
        return jax.random.uniform(key)

    def reset(self, noise: Float[Array, ""]) -> tuple[Float[Array, ""], View]:
        """-1 or +1, which is both state and observation."""
        state = jnp.where(noise < 0.5, -1.0, 1.0)
        return state, View(state[None], self._mask(state))

    def step(self, noise: Float[Array, ""], state: Float[Array, ""], action: Int[Array, " 2"]) -> tuple[Array, Step]:
        """Both parts' rewards, and the end."""
        del noise
        mask, no = self._mask(state), jnp.zeros((), bool)
        terms = {"match": jnp.where((action[0] == 1) == (state > 0), 1.0, 0.0), "option": self.rewards[action[1]]}
        metrics = {"invalid": 1.0 - mask[SIZES[0] + action[1]].astype(jnp.float32)}
        reward = terms["match"] + terms["option"]
        return state, Step(View(state[None], mask), reward, ~no, no, metrics, terms)

    def _mask(self, state: Float[Array, ""]) -> Bool[Array, " 5"]:
        best = jnp.arange(3) == jnp.argmax(self.rewards)
        return jnp.concatenate([jnp.ones(2, bool), ~best | (state > 0)])


def make(split: str = "train", *, rewards: tuple[float, float, float] = (0.0, 0.5, 1.0)) -> ProbeParts:
    """The probe with the given reward of part two's options; the splits differ in their seeds only."""
    del split
    return ProbeParts(jnp.asarray(rewards, jnp.float32))


def known(env: ProbeParts, gamma: float) -> dict[str, np.ndarray]:
    """1 plus the best legal reward of part two.

    Returns `obs` [2, 1] and `mask` [2, 5] of every observation, and of the best policy at each of them
    `value` [2] and `action` [2, 2].
    """
    del gamma
    rewards = np.asarray(env.rewards)
    second, best = np.argsort(rewards)[-2:]
    mask = np.ones((2, 5), bool)
    mask[0, SIZES[0] + best] = False
    return {
        "obs": np.array([[-1.0], [1.0]], np.float32),
        "mask": mask,
        "value": 1 + rewards[[second, best]],
        "action": np.array([[0, second], [1, best]]),
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
