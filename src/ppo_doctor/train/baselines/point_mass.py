"""What `point_mass` is compared with: its linear-quadratic regulator, optimal but for the clipping of its actions.

It reads position and velocity, which are what a sound observation shows, and the clock, of which its gains depend
only near the end.
"""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float, Key

from ppo_doctor.train.env import View
from ppo_doctor.train.envs import point_mass
from ppo_doctor.train.envs.point_mass import PointMass, State

REFERENCE = "regulator"


def policies(env: PointMass) -> dict[str, Regulator]:
    """The regulator."""
    return {"regulator": Regulator(jnp.asarray(point_mass.regulator(env.max_steps)[0], jnp.float32))}


class Regulator(eqx.Module):
    """Minus the gains of the step times position and velocity, along either axis."""

    gains: Float[Array, "max_steps 2"]

    def __call__(self, key: Key[Array, ""], state: State, view: View) -> Float[Array, " 2"]:
        """The push, clipped to its range."""
        del key, view
        gain = self.gains[state.time]
        return jnp.clip(-(gain[0] * state.place + gain[1] * state.velocity), -1.0, 1.0)
