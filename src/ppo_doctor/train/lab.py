"""What probes share: random play and forks of one environment, made once, within a budget of environment steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ppo_doctor.train import world
from ppo_doctor.train.env import Discrete
from ppo_doctor.train.world import Fork, Plan, Play, Policies, World

CHOICES, REPEATS, JITTER = 8, 8, 6
"""Actions a fork tries at most; continuations of each; repetitions of one step with fresh random numbers."""
STATES, FEWEST, SHORTEST = 512, 128, 16
"""Forks at most; forks aimed at before their continuations are cut; shortest continuation."""
POLICIES, EPISODES = 32, 8
"""Policies scored side by side; episodes of each at most."""
ENTRIES = 2e7
"""Numbers that recorded observations may have."""
SELECT, REPORT = 100_000, 200_000
"""First seeds of episodes that choose a policy, and of those that its return is reported on."""

Baselines = Callable[[np.ndarray, int], dict[str, np.ndarray]]
"""(seeds, horizon) -> returns [n] of every known policy of the system."""
Reference = Callable[[np.ndarray, int], np.ndarray]
"""(seeds, horizon) -> rewards [n, horizon] of the policy that is known to be good at what the system is for, NaN after
an episode's end."""


class Cannot(Exception):  # noqa: N818  # an answer, not an error
    """Raised by a probe that has nothing to measure: says why, in a clause."""


@dataclass
class Lab:
    """One world, and what was already played in it. `budget` is shared out; it is aimed at, not enforced."""

    world: World
    budget: int
    seed: int = 0
    gamma: float = 0.99
    baselines: Baselines | None = None
    reference: Reference | None = None

    @cached_property
    def random(self) -> Play:
        """Random play of some episodes, the first steps of long ones."""
        w, horizon = self.world, min(self.world.max_steps, 1000)
        length = horizon
        if not self.pads:  # on the host a short episode costs little, and a look at some is cheap
            pilot = w.play(self.seeds(0, 4), self.seeds(0, 4), horizon)
            length = float(pilot.lengths.mean())
            horizon = min(horizon, 4 * int(pilot.lengths.max()))
        entries = horizon * w.layout.width * w.layout.agents
        seeds = self.seeds(0, int(np.clip(min(0.06 * self.budget / length, ENTRIES / entries), 8, 64)))
        return w.play(seeds, seeds, horizon)

    @cached_property
    def horizon(self) -> int:
        """Bound on the length of an episode: the one length that all had, or the declared limit."""
        play = self.random
        ended = (play.terminated | play.truncated).any(axis=1).all()
        return int(play.lengths[0]) if ended and np.ptp(play.lengths) == 0 else self.world.max_steps

    def seeds(self, start: int, n: int) -> np.ndarray:
        """n seeds from `start` on; other seeds of the lab give other ones."""
        return self.seed * 1_000_000 + start + np.arange(n)

    @property
    def masked(self) -> bool:
        """Whether an action was ever forbidden."""
        return not bool(self.random.mask.all())

    @cached_property
    def plan(self) -> Plan:
        """Branches of a fork: every action with stream 0; then one action with fresh numbers in the first step only;
        then every action with streams 1, 2, ..."""
        space = self.world.space
        k = len(world.listing(space, CHOICES)) if not isinstance(space, Discrete) else min(space.n, CHOICES)
        m = np.arange(1, REPEATS)
        which = np.concatenate([np.arange(k), np.zeros(JITTER, int), np.tile(np.arange(k), len(m))])
        grid = np.concatenate([np.zeros(k, int), np.zeros(JITTER, int), np.repeat(m, k)])
        first = grid.copy()
        first[k : k + JITTER] = REPEATS + np.arange(JITTER)
        cost = 0.4 * self.budget / (len(which) * FEWEST)
        horizon = self.horizon if cost >= self._tail else int(max(cost, SHORTEST))
        return Plan(k, which, first, grid, k + JITTER, min(horizon, self.horizon))

    @property
    def _tail(self) -> float:
        """Mean number of steps from a step of random play to the end."""
        lengths = self.random.lengths
        return float((lengths * (lengths + 1) / 2).sum() / lengths.sum())

    @cached_property
    def spots(self) -> tuple[np.ndarray, np.ndarray]:
        """(seeds [n], steps [n]): states of random play to fork at, without repetition."""
        alive = np.argwhere(self.random.alive)
        price = len(self.plan.which) * min(self._tail, self.plan.horizon)
        n = int(np.clip(0.4 * self.budget / price, FEWEST, STATES))
        if n >= len(alive):
            more = -(-n // len(alive)) * len(self.random.alive)
            return self._early(more, n)
        rows = alive[np.sort(np.random.default_rng(self.seed).choice(len(alive), n, replace=False))]
        return self.seeds(0, len(self.random.alive))[rows[:, 0]], rows[:, 1]

    def _early(self, episodes: int, n: int) -> tuple[np.ndarray, np.ndarray]:
        """Spots in episodes too short to have n of them among those recorded: steps that every episode reaches."""
        shortest = int(self.random.lengths.min())
        seeds, at = np.meshgrid(self.seeds(0, max(episodes, n // shortest + 1)), np.arange(shortest), indexing="ij")
        return seeds.ravel()[:n], at.ravel()[:n]

    @cached_property
    def forks(self) -> Fork:
        """Forks at `spots`. Raises `Cannot` where the environment cannot be forked."""
        if self.world.branching.startswith("none"):
            raise Cannot(f"the environment cannot be forked ({self.world.branching[6:]})")
        return self.world.fork(*self.spots, self.plan, self.gamma)

    def grid(self, values: np.ndarray) -> np.ndarray:
        """[n, streams, actions] of per-branch values [n, branches]."""
        k = self.plan.choices
        return np.concatenate([values[:, :k], values[:, k + JITTER :]], axis=1).reshape(len(values), REPEATS, k)

    def jitter(self, values: np.ndarray) -> np.ndarray:
        """[n, JITTER, ...] of values [n, branches or keep, ...]: one action, fresh random numbers in its step only."""
        return values[:, self.plan.choices : self.plan.choices + JITTER]

    @cached_property
    def several(self) -> np.ndarray:
        """[n] forks with two legal actions or more. Raises `Cannot` if there is none."""
        found = self.forks.legal.sum(axis=1) >= 2
        if not found.any():
            raise Cannot("no state had two legal actions")
        return found

    def centred(self, values: np.ndarray) -> np.ndarray:
        """Values [n, ..., actions] less their mean over the legal actions; 0 for illegal ones."""
        legal = self.forks.legal.reshape(len(values), *(1,) * (values.ndim - 2), -1)
        mean = (values * legal).sum(axis=-1, keepdims=True) / np.maximum(legal.sum(axis=-1, keepdims=True), 1)
        return (values - mean) * legal

    @cached_property
    def episodes(self) -> int:
        """Episodes of each of the policies that are scored side by side."""
        length = min(2.0 * float(self.random.lengths.mean()), self.horizon)
        return int(np.clip(0.05 * self.budget / (POLICIES * length), 2, EPISODES))

    def score(self, policies: Policies, start: int) -> np.ndarray:
        """Returns [P, episodes] of up to `POLICIES` policies on seeds from `start` on, the same for all of them."""
        n, padded = len(policies.bias), _padded(policies, self.world)
        which = np.repeat(np.arange(POLICIES), self.episodes)
        seeds = np.tile(self.seeds(start, self.episodes), POLICIES)
        if not self.pads:
            which, seeds = which[: n * self.episodes], seeds[: n * self.episodes]
        return self.world.score(padded, which, seeds, self.horizon).reshape(-1, self.episodes)[:n]

    def score_one(self, policies: Policies, n: int, start: int) -> np.ndarray:
        """Returns of policy n on as many episodes as all policies of `score` have together."""
        total = POLICIES * self.episodes if self.pads else 4 * self.episodes
        padded = _padded(policies, self.world)
        return self.world.score(padded, np.full(total, n), self.seeds(start, total), self.horizon)

    @property
    def pads(self) -> bool:
        """Whether equal shapes save a compilation."""
        return self.world.branching == "state"

    @cached_property
    def constants(self) -> tuple[int, np.ndarray]:
        """(number of the best single action in the listing, its returns on the seeds for reports)."""
        policies = world.constants(self.world.space, POLICIES)
        chosen = int(self.score(policies, SELECT).mean(axis=1).argmax())
        return chosen, self.score_one(policies, chosen, REPORT)

    @cached_property
    def guesses(self) -> tuple[np.ndarray, np.ndarray]:
        """(returns [guesses, episodes] of random linear policies, returns of the best on the seeds for reports)."""
        policies = world.random_weights(self.world.space, self.world.layout, self.scale, POLICIES, self.seed)
        scores = self.score(policies, SELECT)
        return scores, self.score_one(policies, int(scores.mean(axis=1).argmax()), REPORT)

    @cached_property
    def random_returns(self) -> np.ndarray:
        """Returns of whole episodes of random play, on the seeds for reports."""
        return self.score_one(world.uniform(self.world.space), 0, REPORT)

    @cached_property
    def known(self) -> np.ndarray | None:
        """Rewards of the reference on the seeds for reports, as many as of random play; None without one."""
        if self.reference is None:
            return None
        return self.reference(self.seeds(REPORT, len(self.random_returns)), self.horizon)

    @property
    def known_returns(self) -> np.ndarray | None:
        """Returns of these episodes."""
        return None if self.known is None else np.nansum(self.known, axis=1)

    @property
    def spread(self) -> float:
        """Standard deviation of the return between episodes of random play."""
        return float(self.random_returns.std(ddof=1))

    @cached_property
    def scale(self) -> np.ndarray:
        """[d] standard deviation of every feature of one agent, 1 where it never varies."""
        seen = self.features
        std = seen.std(axis=0)
        return np.where(std > 0, std, 1.0)

    @property
    def features(self) -> np.ndarray:
        """[rows, d] every observation of random play, all agents."""
        play, width = self.random, self.world.layout.width
        begun = np.concatenate([np.ones((len(play.alive), 1), bool), play.alive], axis=1)
        return play.obs[begun].reshape(-1, width)


def _padded(policies: Policies, w: World) -> Policies:
    """The policies, repeated up to `POLICIES`, with a weight, so that all have one shape (our environments only)."""
    if w.branching != "state":
        return policies
    index = np.arange(POLICIES) % len(policies.bias)
    layout, wide = w.layout, policies.bias.shape[1]
    shape = (POLICIES, layout.row_width) if layout.items else (POLICIES, wide, layout.width)
    weight = np.zeros(shape, np.float32) if policies.weight is None else policies.weight[index]
    return Policies(weight, policies.bias[index], policies.temperature[index])
