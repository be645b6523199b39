"""What `acrobot` is compared with: pumping energy into the swing.

The motor's power is its torque times the speed of the second joint, so a torque along that speed never takes energy out
(Spong, "The swing up control problem for the Acrobot", IEEE Control Systems 15(1), 1995).
"""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
from jaxtyping import Array, Int, Key

from ppo_doctor.train.env import View
from ppo_doctor.train.envs.acrobot import Acrobot, State

REFERENCE = "pump"


def policies(env: Acrobot) -> dict[str, Any]:
    """Full torque along the second joint's speed, and no torque at all."""
    del env
    return {"pump": pump, "still": still}


def pump(key: Key[Array, ""], state: State, view: View) -> Int[Array, ""]:
    """Full torque the way the second joint turns."""
    del key, state
    return jnp.where(view.obs[5] >= 0, 2, 0).astype(jnp.int32)


def still(key: Key[Array, ""], state: State, view: View) -> Int[Array, ""]:
    """No torque: what hanging there costs."""
    del key, state, view
    return jnp.ones((), jnp.int32)
