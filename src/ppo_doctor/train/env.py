"""What an environment is: a frozen record of parameters with pure `draw`, `reset` and `step`.

Maths is written for one environment; callers `vmap`. Nothing resets itself: autoreset lives in `rollout.collect`,
where the last view of an episode is still in scope, so its bootstrap value is right by construction.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, NamedTuple

import equinox as eqx
from jaxtyping import Array, Bool, Float, Key, PyTree


@dataclass(frozen=True)
class Discrete:
    """One choice among `n` actions, an integer in [0, n)."""

    n: int


@dataclass(frozen=True)
class MultiDiscrete:
    """One choice per part: an integer vector, entry `i` in [0, sizes[i]). Masks are the parts' masks, concatenated."""

    sizes: tuple[int, ...]


@dataclass(frozen=True)
class Box:
    """A real vector with `len(low)` entries, entry `i` in [low[i], high[i]]; bounds are finite, low < high. No mask."""

    low: tuple[float, ...]
    high: tuple[float, ...]


Space = Discrete | MultiDiscrete | Box


class View(NamedTuple):
    """What an agent sees before it acts.

    obs: arrays without a batch axis (a vector, or a dict such as `items` [features, n] and `context` [features]).
    mask: true where an action is legal; at least one is. All true where nothing is forbidden; length 0 for `Box`.
    """

    obs: PyTree[Array]
    mask: Bool[Array, " actions"]


class Step(NamedTuple):
    """What one action led to, *before* any reset.

    view: of the next state. reward: the sum of `reward_terms`, times their weights.
    terminated: the task ended (no future reward: the bootstrap is cut). truncated: only the recording ended
    (a time limit; the value of `view` is bootstrapped). Never both.
    metrics: scalars that are *additive over an episode*: an episode's metric is the sum over its steps.
    Reserved names: `noop`, `avoidable_noop` (a no-op although a real action was legal), `feasible` (a real action was
    legal), `invalid` (the action taken was illegal); each 0 or 1.
    reward_terms: the weighted addends of `reward`, by name.
    """

    view: View
    reward: Float[Array, ""]
    terminated: Bool[Array, ""]
    truncated: Bool[Array, ""]
    metrics: dict[str, Float[Array, ""]]
    reward_terms: dict[str, Float[Array, ""]]


class AbstractEnv(eqx.Module):
    """A Markov decision process. Fields are its parameters (arrays may change without a recompile: a curriculum).

    All randomness of one step, and of the reset that may follow it, comes from `draw`, so that a rollout's noise can
    be drawn in one vectorised call before its scan (measured: 10x of raw stepping speed on CPU).
    With several agents (`num_agents` > 1) every leaf of `View`, the action and the reward lead with an agent axis.
    """

    @property
    def num_agents(self) -> int:
        """Number of agents; 1 means no agent axis."""
        return 1

    @property
    def time_limited(self) -> bool:
        """Whether a limit that the task does not know of cuts episodes (`Step.truncated`), good play's among them."""
        return False

    @property
    @abstractmethod
    def space(self) -> Space:
        """The action space of one agent."""

    @abstractmethod
    def draw(self, key: Key[Array, ""]) -> PyTree[Array]:
        """One step's noise: whatever `reset` and `step` need. The two must use different parts of it."""

    @abstractmethod
    def reset(self, noise: PyTree[Array]) -> tuple[Any, View]:
        """A first state and its view."""

    @abstractmethod
    def step(self, noise: PyTree[Array], state: Any, action: Array) -> tuple[Any, Step]:
        """The next state and what the action led to. Called with legal actions only."""
