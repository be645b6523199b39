"""Acrobot-v1: swing the free end of two hanging links above a bar with a motor at the joint between them.

Dynamics ("book" equations), bounds, reset distribution, reward and 500-step limit are those of Gymnasium's `Acrobot-v1`
(Sutton 1996; Sutton and Barto 2018; https://gymnasium.farama.org/environments/classic_control/acrobot), in float32.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int, Key

from ppo_doctor.train.config import Config, Schedule, constant
from ppo_doctor.train.env import AbstractEnv, Discrete, Step, View

MAX_STEPS = 500
GRAVITY = 9.8  # [m/s^2]; both links have mass 1 kg and length 1 m
CENTRE = 0.5  # of mass, along a link from its joint [m]
INERTIA = 1.0  # of a link about its centre of mass [kg m^2]
TIME_STEP = 0.2  # [s]
MAX_SPEEDS = (4 * math.pi, 9 * math.pi)  # of the two joints [rad/s]
FIRST = 0.1  # first angles and speeds lie within [-FIRST, FIRST]
BAR = 1.0  # height of the goal above the fixed joint [m]


class State(NamedTuple):
    """Angles [rad] of the first link from hanging and of the second from the first, their speeds [rad/s], steps."""

    angles: Float[Array, " 2"]
    speeds: Float[Array, " 2"]
    time: Int[Array, ""]


def view(state: State) -> View:
    """Cosine and sine of either angle, both speeds; every action is always legal."""
    cos, sin = jnp.cos(state.angles), jnp.sin(state.angles)
    return View(jnp.concatenate([jnp.stack([cos[0], sin[0], cos[1], sin[1]]), state.speeds]), jnp.ones(3, bool))


def accelerations(angles: Float[Array, " 2"], speeds: Float[Array, " 2"], torque: Array) -> Float[Array, " 2"]:
    """Acceleration of both joints [rad/s^2] (Sutton and Barto, first edition 1998, section 11.3)."""
    cos, sin = jnp.cos(angles[1]), jnp.sin(angles[1])
    second = CENTRE**2 + INERTIA
    coupled = second + CENTRE * cos
    whole = CENTRE**2 + 1.0 + second + 2.0 * CENTRE * cos + INERTIA
    lower = CENTRE * GRAVITY * jnp.sin(angles[0] + angles[1])
    spin = CENTRE * sin * (speeds[1] ** 2 + 2.0 * speeds[0] * speeds[1])
    upper = (CENTRE + 1.0) * GRAVITY * jnp.sin(angles[0]) + lower - spin
    drive = torque + coupled / whole * upper - CENTRE * speeds[0] ** 2 * sin - lower
    bend = drive / (second - coupled**2 / whole)
    return jnp.stack([-(coupled * bend + upper) / whole, bend])


def moved(state: State, torque: Array) -> tuple[Float[Array, " 2"], Float[Array, " 2"]]:
    """(angles, speeds) after one Runge-Kutta step of fourth order, neither wrapped nor bounded."""
    start = jnp.concatenate([state.angles, state.speeds])

    def slope(x: Float[Array, " 4"]) -> Float[Array, " 4"]:
        return jnp.concatenate([x[2:], accelerations(x[:2], x[2:], torque)])

    k1 = slope(start)
    k2 = slope(start + TIME_STEP / 2 * k1)
    k3 = slope(start + TIME_STEP / 2 * k2)
    k4 = slope(start + TIME_STEP * k3)
    after = start + TIME_STEP / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return after[:2], after[2:]


class Acrobot(AbstractEnv):
    """Reward -1 per step until the free end is above the bar, 0 for the step that gets there; cut after `max_steps`."""

    max_steps: int = eqx.field(static=True, default=MAX_STEPS)

    @property
    def space(self) -> Discrete:
        """Torque of -1, 0 or 1 N m at the second joint."""
        return Discrete(3)

    @property
    def time_limited(self) -> bool:
        """After `max_steps`."""
        return True

    def draw(self, key: Key[Array, ""]) -> Float[Array, " 4"]:
        """The first angles and speeds; a step is deterministic."""
        return jax.random.uniform(key, (4,), minval=-FIRST, maxval=FIRST)

    def reset(self, noise: Float[Array, " 4"]) -> tuple[State, View]:
        """Hanging nearly still, each number uniform in [-0.1, 0.1]."""
        state = State(noise[:2], noise[2:], jnp.zeros((), jnp.int32))
        return state, view(state)

    def step(self, noise: Float[Array, " 4"], state: State, action: Int[Array, ""]) -> tuple[State, Step]:
        """One step of 0.2 s under a constant torque; angles wrap at +-pi, speeds are clipped."""
        del noise
        angles, speeds = moved(state, action.astype(jnp.float32) - 1.0)
        bounds = jnp.asarray(MAX_SPEEDS)
        wrapped = jnp.mod(angles + jnp.pi, 2 * jnp.pi) - jnp.pi
        after = State(wrapped, jnp.clip(speeds, -bounds, bounds), state.time + 1)
        up = -jnp.cos(wrapped[0]) - jnp.cos(wrapped[0] + wrapped[1]) > BAR
        reward = jnp.where(up, 0.0, -1.0)
        cut = (after.time >= self.max_steps) & ~up
        return after, Step(view(after), reward, up, cut, {}, {"time": reward})


def make(split: str = "train", *, max_steps: int = MAX_STEPS) -> Acrobot:
    """Acrobot with a time limit of `max_steps`; the splits differ in their seeds only."""
    del split
    return Acrobot(max_steps)


CONFIGS = {
    "default": Config(
        total_steps=150_000,
        n_envs=16,
        n_steps=128,
        batch_size=256,
        n_epochs=6,
        learning_rate=Schedule(1e-3, 0.0, "linear"),
        ent_coef=constant(0.0),
        gamma=0.99,
        gae_lambda=0.95,
        normalize_obs=True,
        normalize_targets=True,
        probe_every=4,
    )
}
