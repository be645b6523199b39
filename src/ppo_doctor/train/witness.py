"""An environment that writes down what really happens to it, beside whatever the learner stores."""

from __future__ import annotations

from typing import Any, NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, PyTree

from ppo_doctor.train.env import AbstractEnv, Space, Step, View

MARK = "/witness"
"""Name of the reward term under which a step's account travels through the rollout."""


class Account(NamedTuple):
    """One step, one row an agent: what was shown, executed and paid, whether it ended, and what came next."""

    view: View
    executed: Array
    reward: Array
    terminated: Array
    truncated: Array
    following: PyTree[Array]


class Witness(AbstractEnv):
    """`env`, with an account of every step among the reward terms. Its state holds the view that was last shown."""

    env: AbstractEnv

    @property
    def num_agents(self) -> int:
        """As many as act in `env`."""
        return self.env.num_agents

    @property
    def space(self) -> Space:
        """The actions of `env`."""
        return self.env.space

    def draw(self, key: Array) -> PyTree[Array]:
        """The noise of `env`."""
        return self.env.draw(key)

    def reset(self, noise: PyTree[Array]) -> tuple[Any, View]:
        """A first state of `env`."""
        state, view = self.env.reset(noise)
        return (state, view), view

    def step(self, noise: PyTree[Array], state: Any, action: Array) -> tuple[Any, Step]:
        """A step of `env`, and its account."""
        inner, shown = state
        after, out = self.env.step(noise, inner, action)
        lead = () if self.num_agents == 1 else (self.num_agents,)
        over, cut = (jnp.broadcast_to(x, lead) for x in (out.terminated, out.truncated))
        account: Any = Account(shown, action, out.reward, over, cut, out.view.obs)
        return (after, out.view), out._replace(reward_terms={**out.reward_terms, MARK: account})
