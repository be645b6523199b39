"""Point mass: push a particle on a plane to the origin against gusts; the optimum is a linear-quadratic regulator.

Each axis is linear (position, velocity with drag) with a quadratic cost and Gaussian disturbances, so no policy does
better than the finite-horizon regulator (Bertsekas, "Dynamic programming and optimal control", vol. 1, section 4.1),
whose expected return `best_return` gives in closed form: a yardstick for real-valued actions that Pendulum lacks.
"""

from __future__ import annotations

from typing import NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int, Key

from ppo_doctor.train.config import Config, Network, Schedule, constant
from ppo_doctor.train.env import AbstractEnv, Box, Step, View

MAX_STEPS = 100
TIME_STEP = 0.1  # [s]
PUSH = 2.0  # acceleration of a full action [m/s^2]
KEPT = 0.9  # share of the velocity that drag leaves in a step: random play stays near, too
REACH = 1.0  # first positions lie within [-REACH, REACH] [m]
DRIFT = 0.5  # first velocities lie within [-DRIFT, DRIFT] [m/s]
GUST = 0.03  # standard deviation of the velocity a gust adds in a step [m/s]
COSTS = {"place": 1.0, "speed": 0.1, "effort": 0.05}


class State(NamedTuple):
    """Position [m], velocity [m/s], steps taken."""

    place: Float[Array, " 2"]
    velocity: Float[Array, " 2"]
    time: Int[Array, ""]


class Noise(NamedTuple):
    """First position and velocity as shares of their ranges, and a gust, standard normal; one row an axis."""

    first: Float[Array, "2 2"]
    gust: Float[Array, " 2"]


def view(state: State) -> View:
    """Position and velocity; a real action has no mask."""
    return View(jnp.concatenate([state.place, state.velocity]), jnp.ones(0, bool))


class PointMass(AbstractEnv):
    """Reward minus (place^2 + 0.1 speed^2 + 0.05 action^2) per step; cut after `max_steps`, never terminated."""

    max_steps: int = eqx.field(static=True, default=MAX_STEPS)

    @property
    def space(self) -> Box:
        """Push along either axis; what lies outside is clipped."""
        return Box((-1.0, -1.0), (1.0, 1.0))

    @property
    def time_limited(self) -> bool:
        """After `max_steps`."""
        return True

    def draw(self, key: Key[Array, ""]) -> Noise:
        """A first state and a gust."""
        key_first, key_gust = jax.random.split(key)
        first = jax.random.uniform(key_first, (2, 2), minval=-1.0)
        return Noise(first, jax.random.normal(key_gust, (2,)))

    def reset(self, noise: Noise) -> tuple[State, View]:
        """Anywhere within reach, drifting."""
        state = State(REACH * noise.first[0], DRIFT * noise.first[1], jnp.zeros((), jnp.int32))
        return state, view(state)

    def step(self, noise: Noise, state: State, action: Float[Array, " 2"]) -> tuple[State, Step]:
        """One semi-implicit Euler step of 0.1 s; the cost is that of the state before it."""
        push = jnp.clip(action, -1.0, 1.0)
        squares = {"place": state.place, "speed": state.velocity, "effort": push}
        terms = {name: -COSTS[name] * jnp.sum(x**2) for name, x in squares.items()}
        velocity = KEPT * state.velocity + PUSH * TIME_STEP * push + GUST * noise.gust
        after = State(state.place + TIME_STEP * velocity, velocity, state.time + 1)
        reward = terms["place"] + terms["speed"] + terms["effort"]
        return after, Step(view(after), reward, jnp.zeros((), bool), after.time >= self.max_steps, {}, terms)


def regulator(max_steps: int = MAX_STEPS) -> tuple[np.ndarray, np.ndarray]:
    """(gains [max_steps, 2], costs to go [max_steps + 1, 2, 2]) of one axis, by the Riccati recursion: the best action
    at time t is -gains[t] @ (place, velocity)."""
    forward = np.array([[1.0, KEPT * TIME_STEP], [0.0, KEPT]])
    steer = PUSH * TIME_STEP * np.array([[TIME_STEP], [1.0]])
    weight, effort = np.diag([COSTS["place"], COSTS["speed"]]), COSTS["effort"]
    cost, gains, costs = np.zeros((2, 2)), [], [np.zeros((2, 2))]
    for _ in range(max_steps):
        gain = (steer.T @ cost @ forward) / (effort + steer.T @ cost @ steer)
        cost = weight + forward.T @ cost @ (forward - steer @ gain)
        gains.append(gain[0])
        costs.append(cost)
    return np.array(gains[::-1]), np.array(costs[::-1])


def best_return(max_steps: int = MAX_STEPS) -> float:
    """Expected return of the regulator if its actions were not clipped: no policy's is higher."""
    _, costs = regulator(max_steps)
    first = np.diag([REACH**2 / 3.0, DRIFT**2 / 3.0])
    gust = GUST * np.array([TIME_STEP, 1.0])
    disturbed = sum(gust @ cost @ gust for cost in costs[1:])
    return -2.0 * float(np.sum(costs[0] * first) + disturbed)


def make(split: str = "train", *, max_steps: int = MAX_STEPS) -> PointMass:
    """A point mass with a time limit of `max_steps`; the splits differ in their seeds only."""
    del split
    return PointMass(max_steps)


CONFIGS = {
    "default": Config(
        total_steps=65_536,
        n_envs=16,
        n_steps=64,
        batch_size=256,
        n_epochs=6,
        learning_rate=Schedule(2e-3, 0.0, "linear"),
        ent_coef=constant(0.0),
        gamma=0.95,
        gae_lambda=0.95,
        normalize_obs=True,
        normalize_targets=True,
        probe_every=4,
        network=Network(actor=(32, 32), critic=(32, 32)),
    )
}
