"""Pendulum-v1: swing a pendulum up with a torque too weak to lift it directly, and hold it there.

Dynamics, cost, reset distribution and 200-step limit are those of Gymnasium's `Pendulum-v1`
(https://gymnasium.farama.org/environments/classic_control/pendulum), in float32. The task never ends by itself.
"""

from __future__ import annotations

from typing import NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int, Key

from ppo_doctor.train.config import Config, Schedule, constant
from ppo_doctor.train.env import AbstractEnv, Box, Step, View

MAX_STEPS = 200
GRAVITY = 10.0  # [m/s^2]; mass 1 kg, length 1 m
MAX_SPEED = 8.0  # [rad/s]
MAX_TORQUE = 2.0  # [N m]
TIME_STEP = 0.05  # [s]


class State(NamedTuple):
    """Angle from upright [rad], angular velocity [rad/s], steps taken."""

    theta: Float[Array, ""]
    speed: Float[Array, ""]
    time: Int[Array, ""]


def view(state: State) -> View:
    """Cosine and sine of the angle, angular velocity; a continuous action has no mask."""
    obs = jnp.stack([jnp.cos(state.theta), jnp.sin(state.theta), state.speed])
    return View(obs, jnp.ones(0, bool))


class Pendulum(AbstractEnv):
    """Reward minus (angle^2 + 0.1 speed^2 + 0.001 torque^2) per step; cut after `max_steps`, never terminated."""

    max_steps: int = eqx.field(static=True, default=MAX_STEPS)

    @property
    def space(self) -> Box:
        """Torque [N m]; what lies outside is clipped."""
        return Box((-MAX_TORQUE,), (MAX_TORQUE,))

    @property
    def time_limited(self) -> bool:
        """After `max_steps`."""
        return True

    def draw(self, key: Key[Array, ""]) -> Float[Array, " 2"]:
        """The first angle and speed, as shares of their ranges; a step is deterministic."""
        return jax.random.uniform(key, (2,), minval=-1.0)

    def reset(self, noise: Float[Array, " 2"]) -> tuple[State, View]:
        """Any angle, speed within +-1 rad/s."""
        state = State(noise[0] * jnp.pi, noise[1], jnp.zeros((), jnp.int32))
        return state, view(state)

    def step(self, noise: Float[Array, " 2"], state: State, action: Float[Array, " 1"]) -> tuple[State, Step]:
        """One semi-implicit Euler step of 0.05 s; the cost is that of the state before it."""
        del noise
        torque = jnp.clip(action[0], -MAX_TORQUE, MAX_TORQUE)
        angle = jnp.mod(state.theta + jnp.pi, 2 * jnp.pi) - jnp.pi
        terms = {"angle": -(angle**2), "speed": -0.1 * state.speed**2, "torque": -0.001 * torque**2}
        push = 1.5 * GRAVITY * jnp.sin(state.theta) + 3.0 * torque
        speed = jnp.clip(state.speed + push * TIME_STEP, -MAX_SPEED, MAX_SPEED)
        after = State(state.theta + speed * TIME_STEP, speed, state.time + 1)
        reward = terms["angle"] + terms["speed"] + terms["torque"]
        return after, Step(view(after), reward, jnp.zeros((), bool), after.time >= self.max_steps, {}, terms)


def make(split: str = "train", *, max_steps: int = MAX_STEPS) -> Pendulum:
    """Pendulum with a time limit of `max_steps`; the splits differ in their seeds only."""
    del split
    return Pendulum(max_steps)


CONFIGS = {
    "default": Config(
        total_steps=200_000,
        n_envs=16,
        n_steps=128,
        batch_size=256,
        n_epochs=10,
        learning_rate=Schedule(1e-3, 0.0, "linear"),
        ent_coef=constant(0.0),
        gamma=0.95,
        gae_lambda=0.95,
        normalize_obs=True,
        normalize_targets=True,
        probe_every=4,
    )
}
