"""Four rooms: walk through two doorways to a goal, on a floor so slippery that every third step goes astray.

Map, moves and slips are those of Sutton, Precup and Singh, "Between MDPs and semi-MDPs" (Artificial Intelligence 112,
1999, section 3). Start, goal and the cost of time are ours: from the room in one corner to the opposite one, where
random play hardly ever gets. There are few enough cells that `solve` finds the best policy exactly.
"""

from __future__ import annotations

from typing import NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int, Key

from ppo_doctor.train import tabular
from ppo_doctor.train.config import Config, Network, Schedule, constant
from ppo_doctor.train.env import AbstractEnv, Discrete, Step, View

MAX_STEPS = 150
PLAN = (
    "#############",
    "#sssss#.....#",
    "#sssss#.....#",
    "#sssss......#",
    "#sssss#.....#",
    "#sssss#.....#",
    "##.####.....#",
    "#.....###.###",
    "#.....#.....#",
    "#.....#.....#",
    "#.........g.#",
    "#.....#.....#",
    "#############",
)
"""Walls `#`, first cells `s`, goal `g`."""
MOVES = ((-1, 0), (0, 1), (1, 0), (0, -1))  # (row, column): up, right, down, left
SLIP = 1 / 3  # odds of one of the other three moves, all alike

CELLS = [(r, c) for r, row in enumerate(PLAN) for c, sort in enumerate(row) if sort != "#"]
"""Row and column of every cell that is no wall; a cell's number is its place here."""
STARTS = np.array([n for n, (r, c) in enumerate(CELLS) if PLAN[r][c] == "s"], np.int32)
GOAL = next(n for n, (r, c) in enumerate(CELLS) if PLAN[r][c] == "g")


def neighbours() -> Int[np.ndarray, "cells 4"]:
    """Where each move leads from each cell: nowhere, if into a wall."""
    number = {cell: n for n, cell in enumerate(CELLS)}
    return np.array([[number.get((r + y, c + x), number[r, c]) for y, x in MOVES] for r, c in CELLS], np.int32)


NEXT = neighbours()


def sights() -> Float[np.ndarray, "cells 6"]:
    """What is seen from each cell: row and column, from -1 to 1 across the map, and 1 for each move into a wall."""
    place = np.array(CELLS, np.float32) / ((len(PLAN) - 1) / 2) - 1.0
    walls = np.arange(len(CELLS))[:, None] == NEXT
    return np.concatenate([place, walls.astype(np.float32)], axis=1)


SIGHTS = sights()


class State(NamedTuple):
    """Number of the cell, steps taken."""

    cell: Int[Array, ""]
    time: Int[Array, ""]


class Noise(NamedTuple):
    """Number of the first cell; how many moves further round the slip goes, 0 if it is none."""

    first: Int[Array, ""]
    turn: Int[Array, ""]


def view(state: State) -> View:
    """The place and the walls beside it; every action is always legal."""
    return View(jnp.asarray(SIGHTS)[state.cell], jnp.ones(len(MOVES), bool))


class FourRooms(AbstractEnv):
    """Reward -1 per step until the goal, 0 for the step that gets there; cut after `max_steps`."""

    max_steps: int = eqx.field(static=True, default=MAX_STEPS)

    @property
    def space(self) -> Discrete:
        """Up, right, down or left; a move into a wall stays."""
        return Discrete(len(MOVES))

    @property
    def time_limited(self) -> bool:
        """After `max_steps`."""
        return True

    def draw(self, key: Key[Array, ""]) -> Noise:
        """A first cell and a slip."""
        key_first, key_slip, key_turn = jax.random.split(key, 3)
        turn = jax.random.randint(key_turn, (), 1, len(MOVES))
        slips = jax.random.bernoulli(key_slip, SLIP)
        return Noise(jax.random.choice(key_first, jnp.asarray(STARTS)), jnp.where(slips, turn, 0))

    def reset(self, noise: Noise) -> tuple[State, View]:
        """Anywhere in the first room."""
        state = State(noise.first, jnp.zeros((), jnp.int32))
        return state, view(state)

    def step(self, noise: Noise, state: State, action: Int[Array, ""]) -> tuple[State, Step]:
        """One move, the chosen one or the one it slips to."""
        went = (action + noise.turn) % len(MOVES)
        after = State(jnp.asarray(NEXT)[state.cell, went], state.time + 1)
        there = after.cell == GOAL
        reward = jnp.where(there, 0.0, -1.0)
        cut = (after.time >= self.max_steps) & ~there
        return after, Step(view(after), reward, there, cut, {}, {"time": reward})


def solve(max_steps: int = MAX_STEPS) -> tuple[Int[np.ndarray, "steps cells"], Float[np.ndarray, "steps+1 cells"]]:
    """(best move, return still to come) at every time in every cell."""

    def expected(value: Float[np.ndarray, " cells"]) -> Float[np.ndarray, "cells 4"]:
        gains = np.where(NEXT == GOAL, 0.0, value[NEXT] - 1.0)
        others = (gains.sum(axis=1, keepdims=True) - gains) / (len(MOVES) - 1)
        return (1.0 - SLIP) * gains + SLIP * others

    return tabular.plan(expected, len(CELLS), max_steps)


def best_return(max_steps: int = MAX_STEPS) -> float:
    """Expected return of the best policy."""
    return float(solve(max_steps)[1][0, STARTS].mean())


def make(split: str = "train", *, max_steps: int = MAX_STEPS) -> FourRooms:
    """Four rooms with a time limit of `max_steps`; the splits differ in their seeds only."""
    del split
    return FourRooms(max_steps)


CONFIGS = {
    "default": Config(
        total_steps=65_536,
        n_envs=16,
        n_steps=128,
        batch_size=256,
        n_epochs=6,
        learning_rate=Schedule(4e-3, 0.0, "linear"),
        ent_coef=constant(0.0),
        gamma=0.98,
        gae_lambda=0.95,
        normalize_obs=True,
        normalize_targets=True,
        probe_every=4,
        network=Network(actor=(32, 32), critic=(32, 32)),
    )
}
