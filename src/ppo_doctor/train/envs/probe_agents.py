"""Probe of several agents: each has its own right answer and its own reward, paid on the second of two steps.

If the single-agent probes pass and this fails, rows of different agents are interleaved: in time (the advantage of one
flows into another) or in a batch (an observation meets another agent's action).
"""

from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int, Key

from ppo_doctor.train.config import Config, Network, Schedule, constant
from ppo_doctor.train.env import AbstractEnv, Discrete, Step, View

MAX_STEPS = 2


class ProbeAgents(AbstractEnv):
    """Agent i sees who it is, the step and a bit b (-1 or +1); on step two, action (i + [b > 0]) mod A pays i + 1."""

    agents: int = eqx.field(static=True, default=3)

    @property
    def num_agents(self) -> int:
        """Number of agents A."""
        return self.agents

    @property
    def space(self) -> Discrete:
        """As many actions as agents."""
        return Discrete(self.agents)

    def draw(self, key: Key[Array, ""]) -> Float[Array, ""]:
        """The sign of the bit, as a uniform number."""
        return jax.random.uniform(key)

    def reset(self, noise: Float[Array, ""]) -> tuple[Float[Array, " 2"], View]:
        """State: the bit and the number of steps taken."""
        state = jnp.stack([jnp.where(noise < 0.5, -1.0, 1.0), jnp.zeros(())])
        return state, self._view(state)

    def step(
        self, noise: Float[Array, ""], state: Float[Array, " 2"], action: Int[Array, " agents"]
    ) -> tuple[Array, Step]:
        """Nothing at first; then each agent's own reward if its action is right, and the end."""
        del noise
        who, last = jnp.arange(self.agents), state[1] > 0
        right = action == (who + (state[0] > 0)) % self.agents
        reward = jnp.where(right & last, who + 1.0, 0.0)
        after = state.at[1].add(1.0)
        return after, Step(self._view(after), reward, last, jnp.zeros((), bool), {}, {"right": reward})

    def _view(self, state: Float[Array, " 2"]) -> View:
        shared = jnp.broadcast_to(state, (self.agents, 2))
        obs = jnp.concatenate([jnp.eye(self.agents), shared], axis=1)
        return View(obs, jnp.ones((self.agents, self.agents), bool))


def make(split: str = "train", *, agents: int = 3) -> ProbeAgents:
    """The probe with a number of agents (2 or more); the splits differ in their seeds only."""
    del split
    return ProbeAgents(agents)


def known(env: ProbeAgents, gamma: float) -> dict[str, np.ndarray]:
    """Agent i's value is gamma (i + 1) on step one, where no action is best (-1), and i + 1 on step two.

    Returns `obs` [4, A, A + 2] and `mask` [4, A, A] of every observation, and of the best policy at each of them
    `value` [4, A] and `action` [4, A] (-1: all are equally good).
    """
    who = np.arange(env.agents)
    states = [(bit, time) for bit in (-1.0, 1.0) for time in (0.0, 1.0)]
    return {
        "obs": np.stack([np.hstack([np.eye(env.agents), np.tile(s, (env.agents, 1))]) for s in states]).astype(
            np.float32
        ),
        "mask": np.ones((4, env.agents, env.agents), bool),
        "value": np.stack([(who + 1.0) * (1.0 if time else gamma) for _, time in states]).astype(np.float32),
        "action": np.stack([(who + (bit > 0)) % env.agents if time else -np.ones_like(who) for bit, time in states]),
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
