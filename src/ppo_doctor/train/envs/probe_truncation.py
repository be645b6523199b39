"""Probe of time limits: an endless task with reward 1 per step, recorded in pieces of `limit` steps.

Cut by the recording (truncated), its value is 1 / (1 - gamma) everywhere: the next value must be bootstrapped. Ended by
the task (terminated), it is the finite sum of what is left. Treating the one as the other is the commonest silent
fault of PPO code (Pardo et al. 2018, "Time limits in reinforcement learning").
"""

from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int, Key

from ppo_doctor.train.config import Config, Network, Schedule, constant
from ppo_doctor.train.env import AbstractEnv, Discrete, Step, View

MAX_STEPS = 5


class ProbeTruncation(AbstractEnv):
    """Reward 1 per step for `limit` steps, then truncated, or terminated where `terminal` is set.

    The clock is observed (one-hot) only where it matters, in the terminal variant: an endless task does not depend on
    the time since its recording began, and a value that is never an input of the loss could not be learnt.
    """

    limit: int = eqx.field(static=True, default=MAX_STEPS)
    terminal: bool = eqx.field(static=True, default=False)

    @property
    def space(self) -> Discrete:
        """Two actions, equally good."""
        return Discrete(2)

    @property
    def time_limited(self) -> bool:
        """Unless the end is the task's own."""
        return not self.terminal

    def draw(self, key: Key[Array, ""]) -> Float[Array, ""]:
        """Unused: nothing here is random."""
        return jax.random.uniform(key)

    def reset(self, noise: Float[Array, ""]) -> tuple[Int[Array, ""], View]:
        """The state counts steps and starts at 0."""
        del noise
        state = jnp.zeros((), jnp.int32)
        return state, self._view(state)

    def step(self, noise: Float[Array, ""], state: Int[Array, ""], action: Int[Array, ""]) -> tuple[Array, Step]:
        """One step on; the last of `limit` is the end of the task or of the recording."""
        del noise, action
        over, reward = state + 1 >= self.limit, jnp.ones(())
        ends = (over & self.terminal, over & (not self.terminal))
        return state + 1, Step(self._view(state + 1), reward, *ends, {}, {"step": reward})

    def _view(self, state: Int[Array, ""]) -> View:
        clock = (jnp.arange(self.limit) == state) & self.terminal
        return View(clock.astype(jnp.float32), jnp.ones(2, bool))


def make(split: str = "train", *, limit: int = MAX_STEPS, terminal: bool = False) -> ProbeTruncation:
    """The probe with pieces of `limit` steps that end (`terminal`) or are cut; splits differ in seeds only."""
    del split
    return ProbeTruncation(limit, terminal)


def known(env: ProbeTruncation, gamma: float) -> dict[str, np.ndarray]:
    """Value 1 / (1 - gamma), or the finite sum of what is left; no action is best (-1).

    Returns `obs` [n, limit] and `mask` [n, 2] of every observation, and of the best policy at each of them
    `value` [n] and `action` [n];
    n = 1 where the task is endless, else `limit`.
    """
    steps_left = env.limit - np.arange(env.limit)
    if env.terminal:
        obs, value = np.eye(env.limit), (1 - gamma**steps_left) / (1 - gamma)
    else:
        obs, value = np.zeros((1, env.limit)), np.array([1 / (1 - gamma)])
    return {
        "obs": obs.astype(np.float32),
        "mask": np.ones((len(obs), 2), bool),
        "value": value.astype(np.float32),
        "action": np.full(len(obs), -1),
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
