"""CartPole-v1: push a cart left or right so that the pole on it stays up.

The dynamics, reset distribution, bounds and 500-step limit are those of Gymnasium's `CartPole-v1` (Barto, Sutton and
Anderson 1983; https://gymnasium.farama.org/environments/classic_control/cart_pole), in float32.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Bool, Float, Int, Key

from ppo_doctor.train.config import Config, Schedule, constant
from ppo_doctor.train.env import AbstractEnv, Discrete, Step, View

MAX_STEPS = 500
GRAVITY = 9.8  # [m/s^2]
POLE_MASS = 0.1  # [kg]
TOTAL_MASS = 1.1  # [kg]
HALF_LENGTH = 0.5  # of the pole [m]
FORCE = 10.0  # [N]
TIME_STEP = 0.02  # [s]
X_LIMIT = 2.4  # [m]
ANGLE_LIMIT = 12 * 2 * math.pi / 360  # [rad]


class State(NamedTuple):
    """Position [m], velocity [m/s], pole angle [rad], angular velocity [rad/s], steps taken."""

    x: Float[Array, ""]
    x_dot: Float[Array, ""]
    theta: Float[Array, ""]
    theta_dot: Float[Array, ""]
    time: Int[Array, ""]


def view(state: State) -> View:
    """The four physical numbers; both actions are always legal."""
    return View(jnp.stack(state[:4]), jnp.ones(2, bool))


def accelerations(state: State, force: Float[Array, ""]) -> tuple[Float[Array, ""], Float[Array, ""]]:
    """Acceleration of the cart [m/s^2] and of the pole [rad/s^2] (Florian 2007, equations 23 and 24, no friction)."""
    cos, sin = jnp.cos(state.theta), jnp.sin(state.theta)
    push = (force + POLE_MASS * HALF_LENGTH * state.theta_dot**2 * sin) / TOTAL_MASS
    pole = (GRAVITY * sin - cos * push) / (HALF_LENGTH * (4 / 3 - POLE_MASS * cos**2 / TOTAL_MASS))
    return push - POLE_MASS * HALF_LENGTH * pole * cos / TOTAL_MASS, pole


class CartPole(AbstractEnv):
    """Reward 1 per step until the pole leans over 12 degrees or the cart leaves the track; cut after `max_steps`."""

    max_steps: int = eqx.field(static=True, default=MAX_STEPS)

    @property
    def space(self) -> Discrete:
        """0 pushes left, 1 pushes right."""
        return Discrete(2)

    @property
    def time_limited(self) -> bool:
        """After `max_steps`."""
        return True

    def draw(self, key: Key[Array, ""]) -> Float[Array, " 4"]:
        """The first state's four numbers; a step is deterministic."""
        return jax.random.uniform(key, (4,), minval=-0.05, maxval=0.05)

    def reset(self, noise: Float[Array, " 4"]) -> tuple[State, View]:
        """Near the upright rest, each number uniform in [-0.05, 0.05]."""
        state = State(noise[0], noise[1], noise[2], noise[3], jnp.zeros((), jnp.int32))
        return state, View(noise, jnp.ones(2, bool))

    def step(self, noise: Float[Array, " 4"], state: State, action: Int[Array, ""]) -> tuple[State, Step]:
        """One explicit Euler step of 0.02 s."""
        del noise
        cart, pole = accelerations(state, jnp.where(action == 1, FORCE, -FORCE))
        after = State(
            state.x + TIME_STEP * state.x_dot,
            state.x_dot + TIME_STEP * cart,
            state.theta + TIME_STEP * state.theta_dot,
            state.theta_dot + TIME_STEP * pole,
            state.time + 1,
        )
        fallen = (jnp.abs(after.x) > X_LIMIT) | (jnp.abs(after.theta) > ANGLE_LIMIT)
        reward = jnp.ones(())
        return after, Step(view(after), reward, fallen, self._cut(after, fallen), {}, {"upright": reward})

    def _cut(self, state: State, fallen: Bool[Array, ""]) -> Bool[Array, ""]:
        return (state.time >= self.max_steps) & ~fallen


def make(split: str = "train", *, max_steps: int = MAX_STEPS) -> CartPole:
    """CartPole with a time limit of `max_steps`; the splits differ in their seeds only."""
    del split
    return CartPole(max_steps)


CONFIGS = {
    "default": Config(
        total_steps=150_000,
        n_envs=8,
        n_steps=128,
        batch_size=256,
        n_epochs=10,
        learning_rate=Schedule(1e-3, 0.0, "linear"),
        clip_coef=Schedule(0.2, 0.0, "linear"),
        ent_coef=constant(0.0),
        gamma=0.98,
        gae_lambda=0.95,
        probe_every=4,
    )
}
