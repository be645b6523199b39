"""What `cartpole` is compared with: a linear feedback that balances the pole.

The pole near the upright rest is a linear system, and its quadratic regulator (Bertsekas, "Dynamic programming and
optimal control", vol. 1, section 4.1) asks for a force; the cart knows two forces only, so its sign is taken. It reads
the four numbers of the state, which are what a sound observation shows.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Int, Key
from scipy.linalg import solve_discrete_are

from ppo_doctor.train.env import View
from ppo_doctor.train.envs.cartpole import FORCE, TIME_STEP, CartPole, State, accelerations

Policy = Callable[[Key[Array, ""], State, View], Array]
REFERENCE = "feedback"


def policies(env: CartPole) -> dict[str, Policy]:
    """The feedback."""
    del env
    return {"feedback": feedback}


def feedback(key: Key[Array, ""], state: State, view: View) -> Int[Array, ""]:
    """The side to which the regulator pushes."""
    del key, view
    force = -jnp.asarray(gains(), jnp.float32) @ jnp.stack(state[:4])
    return (force > 0).astype(jnp.int32)


@functools.cache
def gains() -> np.ndarray:
    """[4] gains of the regulator on (position, velocity, angle, angular velocity), with costs of one on each and on
    the force in units of `FORCE`."""

    def step(x: Array, force: Array) -> Array:
        cart, pole = accelerations(State(x[0], x[1], x[2], x[3], jnp.zeros((), jnp.int32)), FORCE * force)
        return x + TIME_STEP * jnp.stack([x[1], cart, x[3], pole])

    with jax.ensure_compile_time_eval():
        forward, steer = (np.asarray(a, np.float64) for a in jax.jacobian(step, (0, 1))(jnp.zeros(4), jnp.zeros(())))
    cost = solve_discrete_are(forward, steer[:, None], np.eye(4), np.eye(1))
    return (steer @ cost @ forward) / (1.0 + steer @ cost @ steer)
