"""Is there anything to win over random play? The best of: single actions, 32 random linear policies, the system's
baselines, and a short look-ahead search (every action, random continuations with fresh random numbers; by their mean,
and by their best).

headroom = mean gain over random play / random_return_std; headroom_low and _high: its 95 % interval (Student). The gain
is paired by seed; the search, which plays fewer episodes, is paired only if that is less noisy than comparing with all
random episodes. best_baseline_return = random_return + that gain. Whatever is chosen among many is chosen on other
episodes than it is reported on. reward_reached: largest share of the episodes of any one of them, or of random play,
whose return is not the most frequent one of random play: 0 where nobody is ever paid anything else.

Cost: about a third of the budget, most of it the search. The search reads the state, which the agent may not see.
Wrong when: rewards are too rare or too late for all of these: low headroom says what was tried, not what is possible.
Reference: Furuta et al. 2021, Policy Information Capacity.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import stats

from ppo_doctor.errors import UserError
from ppo_doctor.train.lab import REPORT, Lab
from ppo_doctor.train.probes import Found
from ppo_doctor.train.world import Plan

SHARE, EPISODES, SHALLOW, DEEP = 0.3, 4, 4, 24
"""Share of the budget for the search; its episodes; least and largest depth."""


def measure(lab: Lab) -> Found:
    """The headroom with its interval, and the references it is made of."""
    tried = {"single action": lab.constants[1], "random weights": lab.guesses[1]}
    notes = []
    if lab.baselines is not None:
        tried |= lab.baselines(lab.seeds(REPORT, 4 * lab.episodes), lab.horizon)
    if lab.known_returns is not None:
        tried["reference"] = lab.known_returns
    try:
        tried |= search(lab)
    except UserError as why:
        notes.append(f"no search: {why}")
    random = lab.random_returns
    best = max((gain(x, random) for x in tried.values()), key=lambda one: one.mean)
    notes.insert(0, ", ".join(f"{name} {x.mean():.4g}" for name, x in {"random": random, **tried}.items()))
    found = {
        "random_return": float(random.mean()),
        "random_return_std": lab.spread,
        "best_baseline_return": float(random.mean() + best.mean),
        "reward_reached": max(float((x != _usual(random)).mean()) for x in (random, *tried.values())),
    }
    if lab.spread > 0.0:
        half = stats.t.ppf(0.975, best.n - 1) * best.error
        bounds = {"headroom": best.mean, "headroom_low": best.mean - half, "headroom_high": best.mean + half}
        found |= {name: value / lab.spread for name, value in bounds.items()}
    elif best.mean == 0.0:
        found["headroom"] = 0.0
    return Found(found, tuple(notes))


def _usual(returns: np.ndarray) -> float:
    """The most frequent of them."""
    values, counts = np.unique(returns, return_counts=True)
    return float(values[np.argmax(counts)])


class Gain(NamedTuple):
    """Mean gain over random play, its standard error, and the number of episodes."""

    mean: float
    error: float
    n: int


def gain(returns: np.ndarray, random: np.ndarray) -> Gain:
    """Gain of `returns` [n] over `random` [N], N >= n, whose first n have the same seeds."""
    n, apart = len(returns), returns - random[: len(returns)]
    paired = float(apart.var(ddof=1)) / n
    alone = float(returns.var(ddof=1)) / n + float(random.var(ddof=1)) / len(random)
    if n == len(random) or paired <= alone:
        return Gain(float(apart.mean()), paired**0.5, n)
    return Gain(float(returns.mean() - random.mean()), alone**0.5, n)


def search(lab: Lab) -> dict[str, np.ndarray]:
    """Returns of the look-ahead player that goes by the mean, and by the best, of its continuations, if several.

    Raises `UserError` where a step of it costs more than the budget allows.
    """
    k, horizon = lab.plan.choices, lab.horizon
    afford = SHARE * lab.budget / (2 * EPISODES * horizon * k)
    repeats = int(np.clip(afford / SHALLOW, 1, 4))
    depth = int(min(afford / repeats, DEEP, horizon))
    if depth < min(SHALLOW, horizon):
        needed = int(2 * EPISODES * horizon * k * SHALLOW / SHARE)
        raise UserError(f"it needs a budget of about {needed:,} steps")
    streams = 1 + np.repeat(np.arange(repeats), k)
    plan = Plan(k, np.tile(np.arange(k), repeats), streams, streams, k, depth)
    n = EPISODES * (1 if horizon > 50 else 8)
    seeds = lab.seeds(REPORT, min(n, len(lab.random_returns)))  # every one paired with random play
    ways = (("mean", 0.0), ("best", 0.99)) if repeats > 1 else (("one", 0.0),)
    return {
        f"search by {word} (depth {depth})": lab.world.search(seeds, plan, optimism, horizon) for word, optimism in ways
    }
