"""What `frozen_lake` is compared with: the best policy there is, by value iteration.

It reads the cell, which is what a sound observation shows, and the clock, on which the best move hardly depends.
"""

from __future__ import annotations

import jax.numpy as jnp

from ppo_doctor.train.envs import frozen_lake
from ppo_doctor.train.envs.frozen_lake import FrozenLake
from ppo_doctor.train.tabular import Planned

REFERENCE = "planned"


def policies(env: FrozenLake) -> dict[str, Planned]:
    """The best move at every time in every cell."""
    return {"planned": Planned(jnp.asarray(frozen_lake.solve(env.max_steps)[0]))}
