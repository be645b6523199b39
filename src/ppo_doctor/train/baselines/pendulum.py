"""What `pendulum` is compared with: swing up by energy, catch by a linear feedback.

Astrom and Furuta ("Swinging up a pendulum by energy control", Automatica 2000): torque along the speed adds energy,
torque against it takes some away, so push until the energy is that of the upright rest. There a linear feedback
takes over. It reads angle and speed, which are what a sound observation shows.
"""

from __future__ import annotations

from collections.abc import Callable

import jax.numpy as jnp
from jaxtyping import Array, Float, Key

from ppo_doctor.train.env import View
from ppo_doctor.train.envs.pendulum import GRAVITY, MAX_TORQUE, Pendulum, State

Policy = Callable[[Key[Array, ""], State, View], Array]
REFERENCE = "swing-up"
PUSH = 1.0  # torque per lacking energy and speed; large, so that most pushes are full ones
CATCH = (10.0, 3.0)  # torque per angle [N m/rad] and per speed [N m s/rad]; five per radian hold the pendulum
NEAR = 0.5  # [rad] at which full torque can no longer hold it is about 0.4; the speed may help


def policies(env: Pendulum) -> dict[str, Policy]:
    """The swing-up."""
    del env
    return {"swing-up": swing_up}


def swing_up(key: Key[Array, ""], state: State, view: View) -> Float[Array, " 1"]:
    """The torque [N m]."""
    del key, view
    angle = jnp.mod(state.theta + jnp.pi, 2 * jnp.pi) - jnp.pi
    energy = state.speed**2 / 2 + 1.5 * GRAVITY * (jnp.cos(angle) - 1.0)  # of one third of the mass; upright rest is 0
    pump = -PUSH * energy * jnp.where(state.speed >= 0, 1.0, -1.0)
    catch = -(CATCH[0] * angle + CATCH[1] * state.speed)
    held = (jnp.abs(angle) < NEAR) & (jnp.abs(catch) < 2 * MAX_TORQUE)
    return jnp.clip(jnp.where(held, catch, pump), -MAX_TORQUE, MAX_TORQUE)[None]
