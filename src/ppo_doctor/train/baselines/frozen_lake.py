"""What `frozen_lake` is compared with: the best policy there is, by value iteration.

It reads the cell, which is what a sound observation shows, and the clock, on which the best move hardly depends.
"""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Int, Key

from ppo_doctor.train.env import View
from ppo_doctor.train.envs import frozen_lake
from ppo_doctor.train.envs.frozen_lake import FrozenLake, State

REFERENCE = "planned"


def policies(env: FrozenLake) -> dict[str, Planned]:
    """The best move at every time in every cell."""
    return {"planned": Planned(jnp.asarray(frozen_lake.solve(env.max_steps)[0]))}


class Planned(eqx.Module):
    """The move of a table."""

    moves: Int[Array, "max_steps cells"]

    def __call__(self, key: Key[Array, ""], state: State, view: View) -> Int[Array, ""]:
        """The best move of the cell."""
        del key, view
        return self.moves[state.time, state.cell]
