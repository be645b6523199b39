"""The best policy of an environment with few enough states to write down: finite-horizon value iteration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import equinox as eqx
import numpy as np
from jaxtyping import Array, Float, Int, Key

from ppo_doctor.train.env import View

Expected = Callable[[Float[np.ndarray, " cells"]], Float[np.ndarray, "cells moves"]]
"""Return to come after each state -> expected return of each move in each state, that of the step included."""


def plan(expected: Expected, cells: int, steps: int) -> tuple[Int[np.ndarray, "s c"], Float[np.ndarray, "s+1 c"]]:
    """(best move [steps, cells], return still to come [steps + 1, cells]), from the last step back.

    Source: Bellman 1957; Sutton and Barto, Reinforcement Learning, 2nd edition, equation 4.10, undiscounted.
    """
    best, worth = [], [np.zeros(cells)]
    for _ in range(steps):
        value = expected(worth[-1])
        best.append(value.argmax(axis=1))
        worth.append(value.max(axis=1))
    return np.array(best[::-1], np.int32), np.array(worth[::-1])


class Planned(eqx.Module):
    """The moves of a plan, for states with a number `cell` and a clock `time`."""

    moves: Int[Array, "steps cells"]

    def __call__(self, key: Key[Array, ""], state: Any, view: View) -> Int[Array, ""]:
        """The best move of the cell at this time."""
        del key, view
        return self.moves[state.time, state.cell]
