"""FrozenLake-v1: cross a lake of thin ice to a goal, past holes, on a surface where two steps in three go astray.

Map (4x4), slips, reward and 100-step limit are those of Gymnasium's `FrozenLake-v1`
(https://gymnasium.farama.org/environments/toy_text/frozen_lake), whose cell number is seen one-hot. There are few
enough cells that `solve` finds the best policy exactly.
"""

from __future__ import annotations

from typing import NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int, Key

from ppo_doctor.train import tabular
from ppo_doctor.train.config import Config, Network, Schedule, constant
from ppo_doctor.train.env import AbstractEnv, Discrete, Step, View

MAX_STEPS = 100
PLAN = ("SFFF", "FHFH", "FFFH", "HFFG")
"""First cell `S`, ice `F`, holes `H`, goal `G`; a cell's number counts along the rows."""
MOVES = ((0, -1), (1, 0), (0, 1), (-1, 0))  # (row, column): left, down, right, up
SLIPS = (-1, 0, 1)  # places round MOVES from the chosen move to the one made, all alike

SORTS = "".join(PLAN)
FIRST, GOAL = SORTS.index("S"), SORTS.index("G")
ENDS: Bool[np.ndarray, " cells"] = np.array([sort in "HG" for sort in SORTS])


def neighbours() -> Int[np.ndarray, "cells 4"]:
    """Where each move leads from each cell: nowhere at the edge, in a hole and at the goal."""
    rows, columns = len(PLAN), len(PLAN[0])
    found = np.arange(rows * columns, dtype=np.int32)[:, None].repeat(len(MOVES), axis=1)
    for cell in np.flatnonzero(~ENDS):
        for move, (down, right) in enumerate(MOVES):
            row = min(max(cell // columns + down, 0), rows - 1)
            found[cell, move] = row * columns + min(max(cell % columns + right, 0), columns - 1)
    return found


NEXT = neighbours()


class State(NamedTuple):
    """Number of the cell, steps taken."""

    cell: Int[Array, ""]
    time: Int[Array, ""]


def view(state: State) -> View:
    """The cell, one-hot; every action is always legal."""
    return View(jax.nn.one_hot(state.cell, len(SORTS)), jnp.ones(len(MOVES), bool))


class FrozenLake(AbstractEnv):
    """Reward 1 for the step to the goal, else 0; a hole ends the episode too; cut after `max_steps`."""

    max_steps: int = eqx.field(static=True, default=MAX_STEPS)

    @property
    def space(self) -> Discrete:
        """Left, down, right or up; a move off the edge stays."""
        return Discrete(len(MOVES))

    @property
    def time_limited(self) -> bool:
        """After `max_steps`."""
        return True

    def draw(self, key: Key[Array, ""]) -> Int[Array, ""]:
        """How many moves further round the slip goes."""
        return jax.random.choice(key, jnp.asarray(SLIPS))

    def reset(self, noise: Int[Array, ""]) -> tuple[State, View]:
        """Always at `S`."""
        del noise
        state = State(jnp.asarray(FIRST, jnp.int32), jnp.zeros((), jnp.int32))
        return state, view(state)

    def step(self, noise: Int[Array, ""], state: State, action: Int[Array, ""]) -> tuple[State, Step]:
        """One move: the chosen one or one of the two beside it."""
        after = State(jnp.asarray(NEXT)[state.cell, (action + noise) % len(MOVES)], state.time + 1)
        reward = ((after.cell == GOAL) & (state.cell != GOAL)).astype(jnp.float32)
        over = jnp.asarray(ENDS)[after.cell]
        cut = (after.time >= self.max_steps) & ~over
        return after, Step(view(after), reward, over, cut, {}, {"goal": reward})


def solve(max_steps: int = MAX_STEPS) -> tuple[Int[np.ndarray, "steps cells"], Float[np.ndarray, "steps+1 cells"]]:
    """(best move, odds of still reaching the goal) at every time in every cell; at the goal it is behind: 0."""
    gain = ((NEXT == GOAL) & (np.arange(len(SORTS)) != GOAL)[:, None]).astype(float)

    def expected(value: Float[np.ndarray, " cells"]) -> Float[np.ndarray, "cells 4"]:
        made = gain + value[NEXT]
        return np.mean([np.roll(made, -slip, axis=1) for slip in SLIPS], axis=0)

    return tabular.plan(expected, len(SORTS), max_steps)


def best_return(max_steps: int = MAX_STEPS) -> float:
    """Expected return of the best policy: the share of its episodes that reach the goal."""
    return float(solve(max_steps)[1][0, FIRST])


def make(split: str = "train", *, max_steps: int = MAX_STEPS) -> FrozenLake:
    """The lake with a time limit of `max_steps`; the splits differ in their seeds only."""
    del split
    return FrozenLake(max_steps)


CONFIGS = {
    "default": Config(
        total_steps=65_536,
        n_envs=16,
        n_steps=32,
        batch_size=256,
        n_epochs=6,
        learning_rate=Schedule(4e-3, 0.0, "linear"),
        ent_coef=constant(0.1),
        gamma=0.98,
        gae_lambda=0.8,
        normalize_obs=True,
        normalize_targets=True,
        probe_every=8,
        network=Network(actor=(32, 32), critic=(32, 32)),
    )
}
