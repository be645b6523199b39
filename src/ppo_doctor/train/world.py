"""What probes ask of an environment, whatever it is made of: play, score, fork, search. Everything is NumPy.

A *fork* stands at one state of random play and tries several actions there, each with the same random numbers, so that
outcomes differ by the action alone. Random numbers come in streams: stream 0 is what would have happened anyway, every
other stream is fresh. `functional.Functional` forks our environments, whose state is a value; `hosted.Hosted` forks
Gymnasium environments by deep copy, or by replay from the seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy as np

from ppo_doctor.train.env import Box, Discrete, MultiDiscrete, Space

BIG = 1e9
"""Weight of an action that a constant policy always takes; finite, so that illegal actions can be told from it."""


SPANS = (1, 2, 3, 5, 8, 12, 18, 27, 40, 60, 90, 135, 200, 300, 450, 700)
"""Steps of a branch, its first included, whose rewards are also summed by themselves."""


class Policies(NamedTuple):
    """A batch of P linear policies with noise: take the largest of `scores + temperature * noise`.

    Over features x [d] the scores are weight @ x + bias, weight [P, outputs, d]. Where the observation has one row an
    action (`Layout.items`), one weight [P, f] scores the row (`Layout.rows`) of every action. Real actions are
    low + (high - low) * clip(0.5 + 0.5 * score + temperature * (u - 0.5), 0, 1). Without weight the scores are `bias`.
    """

    weight: Any
    bias: Any
    """[P, outputs]"""
    temperature: Any
    """[P]; 1 with zero scores is uniform over legal actions"""


@dataclass(frozen=True)
class Layout:
    """How observations of one agent became vectors."""

    names: tuple[str, ...]
    """One a feature."""
    agents: int = 1
    items: tuple[int, int, int] | None = None
    """(first feature, columns, rows) of the array that has one column per action, features first, or None."""
    first: int = 0
    """Action of the first column: 1 where action 0 is a no-op."""

    @property
    def width(self) -> int:
        """Features of one agent."""
        return len(self.names)

    @property
    def row_width(self) -> int:
        """Entries of a row of `rows`; 0 without items."""
        return 0 if self.items is None else self.items[2] + 1

    def rows(self, xp: Any, x: Any) -> Any:
        """What x [d] says on every action [actions, row_width]: its column, and whether it has none (a no-op)."""
        assert self.items is not None
        start, n, width = self.items
        body = xp.concatenate([x[start : start + n * width].reshape(width, n).T, xp.zeros((n, 1))], axis=1)
        none = xp.concatenate([xp.zeros((self.first, width)), xp.ones((self.first, 1))], axis=1)
        return xp.concatenate([none, body], axis=0)


class Play(NamedTuple):
    """n episodes, recorded for at most T steps and never reset; entries after an end repeat or are zero."""

    obs: np.ndarray
    """[n, T + 1, agents * d]: before each step, and after the last."""
    mask: np.ndarray
    """[n, T + 1, outputs]: agent 0's; all true without a mask; width 0 for real actions."""
    action: np.ndarray
    """[n, T, ...]"""
    reward: np.ndarray
    """[n, T], mean over agents"""
    terminated: np.ndarray
    """[n, T]"""
    truncated: np.ndarray
    """[n, T]"""
    alive: np.ndarray
    """[n, T]: the step was taken."""
    terms: dict[str, np.ndarray]
    """Addends of the reward [n, T] by name; empty where the environment names none."""
    rejected: np.ndarray
    """[n, T]: the environment refused an action that its mask allowed."""

    @property
    def lengths(self) -> np.ndarray:
        """[n] steps taken."""
        return self.alive.sum(axis=1)

    @property
    def returns(self) -> np.ndarray:
        """[n] undiscounted, over the recorded steps."""
        return (self.reward * self.alive).sum(axis=1)


class Fork(NamedTuple):
    """n states with K actions each, continued in B branches; branch b takes action `which[b]`."""

    obs: np.ndarray
    """[n, agents * d] at the fork"""
    mask: np.ndarray
    """[n, outputs]"""
    actions: np.ndarray
    """[n, K, ...] of agent 0; entries that are not `legal` are not to be used"""
    legal: np.ndarray
    """[n, K]"""
    next_obs: np.ndarray
    """[n, keep, agents * d] after the first step of the first `keep` branches"""
    later_obs: np.ndarray
    """[n, keep, agents * d] after the second step; equal to next_obs where the first ended the episode"""
    reward: np.ndarray
    """[n, B] of the first step"""
    later_reward: np.ndarray
    """[n, B] of the second step, 0 if there was none"""
    ended: np.ndarray
    """[n, B]: the first step ended the episode."""
    returns: np.ndarray
    """[n, B] undiscounted, first step included, random play to the end or the horizon"""
    discounted: np.ndarray
    """[n, B]"""
    soon: np.ndarray
    """[n, B, len(SPANS)] undiscounted, of the first so many steps only"""
    terms: dict[str, np.ndarray]
    """[n, B]: undiscounted return of each addend of the reward"""


class Plan(NamedTuple):
    """Which branches a fork has."""

    choices: int
    """K: at most so many different actions a state."""
    which: np.ndarray
    """[B] index of the action"""
    first: np.ndarray
    """[B] stream of random numbers of the first step"""
    rest: np.ndarray
    """[B] stream of all later steps"""
    keep: int
    """Branches, from the first, whose next observations are recorded"""
    horizon: int
    """Steps a branch goes on, the first included"""


class Answers(NamedTuple):
    """What the environment says on each action in states of random play: its own answer against its mask."""

    allowed: np.ndarray
    """[n, t, actions]: it accepted the action."""
    masked: np.ndarray
    """[n, t, actions]: the mask allows it."""
    known: np.ndarray
    """[n, t]: this step was reached and asked about."""


class Redrawn(NamedTuple):
    """First observations with one source of randomness drawn anew; draw j is the same for all n episodes."""

    obs: np.ndarray
    """[n, sources, draws, agents * d]"""
    trace: np.ndarray
    """[n, sources, first draws, m]: all that one step with some actions leads to, its random numbers being the same"""


@runtime_checkable
class World(Protocol):
    """One environment, ready for experiments. `steps` counts every environment step an experiment takes."""

    name: str
    space: Space
    layout: Layout
    max_steps: int
    limit: int | None
    """Most steps of an episode, as the environment declares it; then `max_steps` is the same."""
    branching: str
    """How forks are made: "state", "deep copy", "replay", or "none" with the reason behind a colon."""
    declared_noise: float | None
    """Standard deviation of the noise the environment says it adds to observations (`observation_noise`), or None."""
    steps: int

    def play(self, seeds: np.ndarray, actions: np.ndarray, horizon: int) -> Play:
        """Random play with these seeds of the environment [n] and of the actions [n]."""
        ...

    def score(self, policies: Policies, which: np.ndarray, seeds: np.ndarray, horizon: int) -> np.ndarray:
        """Undiscounted returns [n] of policy `which[i]` on the environment's seed `seeds[i]`."""
        ...

    def fork(self, seeds: np.ndarray, at: np.ndarray, plan: Plan, gamma: float) -> Fork:
        """Branch at step `at[i]` of the random play with seed `seeds[i]` (for environment and actions)."""
        ...

    def search(self, seeds: np.ndarray, plan: Plan, optimism: float, horizon: int) -> np.ndarray:
        """Returns [n] of a player that, at every step, tries the plan's branches on fresh random numbers and takes the
        first action of the best: (1 - optimism) * mean + optimism * max over the branches of an action."""
        ...

    def answers(self, seeds: np.ndarray, horizon: int) -> Answers | None:
        """Try every action at every step of random play; None if it does not say which it accepts."""
        ...

    def redrawn(self, seeds: np.ndarray, draws: np.ndarray) -> Redrawn | None:
        """First observations of `seeds` [n], one source of their randomness after the other taken from `draws` [J];
        None if sources cannot be told apart."""
        ...


def outputs(space: Space) -> int:
    """Numbers a policy puts out."""
    if isinstance(space, Discrete):
        return space.n
    return sum(space.sizes) if isinstance(space, MultiDiscrete) else len(space.low)


def parts(space: Space) -> tuple[int, ...]:
    """Sizes of the choices an action is made of; empty for real actions."""
    if isinstance(space, Discrete):
        return (space.n,)
    return space.sizes if isinstance(space, MultiDiscrete) else ()


def scores(xp: Any, layout: Layout, weight: Any, bias: Any, x: Any) -> Any:
    """Scores [outputs] of one policy for one agent's features x [d]."""
    if weight is None:
        return bias
    return bias + (layout.rows(xp, x) if layout.items else x) @ weight if weight.ndim == 1 else bias + weight @ x


def decide(xp: Any, space: Space, score: Any, temperature: Any, u: Any, mask: Any) -> Any:
    """The action of one agent from scores, uniform numbers u and mask, all [outputs]."""
    if isinstance(space, Box):
        share = xp.clip(0.5 + 0.5 * score + temperature * (u - 0.5), 0.0, 1.0)
        low, high = xp.asarray(space.low, dtype=xp.float32), xp.asarray(space.high, dtype=xp.float32)
        return (low + (high - low) * share).astype(xp.float32)
    noise = -xp.log(-xp.log(xp.clip(u, 1e-7, 1.0 - 1e-7)))
    legal = xp.where(mask, score + temperature * noise, -4 * BIG)
    if isinstance(space, Discrete):
        return xp.argmax(legal).astype(xp.int32)
    ends = np.cumsum(space.sizes)
    return xp.stack([xp.argmax(legal[end - n : end]) for n, end in zip(space.sizes, ends, strict=True)]).astype(
        xp.int32
    )


def menu(xp: Any, space: Space, k: int, u: Any, mask: Any) -> tuple[Any, Any]:
    """Up to k different actions [k, ...] of one agent and which of them are legal [k]; u [outputs] chooses among many.

    Real actions and combinations come from a list that is the same in every state.
    """
    if isinstance(space, Discrete):
        if space.n <= k:
            return xp.arange(space.n), mask
        chosen = xp.sort(xp.argsort(xp.where(mask, -u, 1.0))[:k])
        return chosen, mask[chosen]
    listed = xp.asarray(listing(space, k))
    if isinstance(space, Box):
        return listed, xp.ones(len(listed), bool)
    starts = np.concatenate([[0], np.cumsum(space.sizes)[:-1]])
    return listed, xp.all(mask[listed + starts], axis=1)


def listing(space: Space, k: int) -> np.ndarray:
    """The fixed list of at most k actions: all of them if there are so few, else ends and middle, then a sample."""
    rng = np.random.default_rng(0)
    if isinstance(space, Discrete):
        return np.arange(min(space.n, k))
    if isinstance(space, MultiDiscrete):
        total = int(np.prod(space.sizes, dtype=float))
        chosen = np.arange(total) if total <= k else np.sort(rng.choice(min(total, 10**6), k, replace=False))
        return np.stack(np.unravel_index(chosen, space.sizes), axis=1).astype(np.int32)
    low, high = np.asarray(space.low, np.float32), np.asarray(space.high, np.float32)
    if len(low) == 1:
        return np.linspace(low, high, k, dtype=np.float32)
    share = np.concatenate([[[0.0], [1.0], [0.5]] * np.ones(len(low)), rng.uniform(size=(k - 3, len(low)))])
    return (low + (high - low) * share).astype(np.float32)


def uniform(space: Space) -> Policies:
    """The one policy that is uniform over legal actions."""
    return Policies(None, np.zeros((1, outputs(space)), np.float32), np.ones(1, np.float32))


def constants(space: Space, k: int) -> Policies:
    """Policies that always take one action of `listing`, and a random legal one where it is illegal."""
    listed = listing(space, k)
    if isinstance(space, Box):
        low, high = np.asarray(space.low), np.asarray(space.high)
        bias = 2.0 * (listed - low) / (high - low) - 1.0
        return Policies(None, bias.astype(np.float32), np.zeros(len(listed), np.float32))
    bias = np.zeros((len(listed), outputs(space)), np.float32)
    starts = np.concatenate([[0], np.cumsum(parts(space))[:-1]])
    for row, action in zip(bias, listed.reshape(len(listed), -1), strict=True):
        row[starts + action] = BIG
    return Policies(None, bias, np.ones(len(listed), np.float32))


def random_weights(space: Space, layout: Layout, scale: np.ndarray, n: int, seed: int) -> Policies:
    """n linear policies with standard normal weights on features divided by `scale` [d]; no noise."""
    rng, wide = np.random.default_rng(seed), outputs(space)
    if layout.items is None:
        weight = rng.normal(size=(n, wide, layout.width)) / scale
    else:
        start, _, columns = layout.items
        spread = scale[start:].reshape(-1)[: layout.items[1] * columns].reshape(-1, columns).max(axis=0)
        weight = rng.normal(size=(n, layout.row_width)) / np.append(spread, 1.0)
    bias = rng.normal(size=(n, wide)) * (layout.items is None)
    return Policies(weight.astype(np.float32), bias.astype(np.float32), np.zeros(n, np.float32))
