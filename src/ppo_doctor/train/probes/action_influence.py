"""Does what is done matter? Every legal action from the same state with the same random numbers.

action_influence_state and _reward: share of states with two legal actions or more in which two of them lead to
different next observations, or rewards. action_influence_return: the environment's random numbers being the same, how
much the return of an episode depends on the (random) actions: sqrt(E_seed[Var(return | seed)] / Var(return)). Where a
few rewards lie far outside of the usual range (`reward_audit`), all are cut to it first: a spike that comes by chance
would hide what actions do.

Cost: states x (actions x 8 + 6) x the steps to the end, shared with all probes that fork; three more random plays.
Wrong when: an action shows only later than one step (the return sees it); the environment draws a different number of
random numbers after different actions, so that luck looks like influence; rare prizes in mid-episode are what actions
decide (they are cut).
Reference: Seitzer et al. 2021, Causal Influence Detection for Improving Efficiency in Reinforcement Learning.
"""

from __future__ import annotations

import numpy as np

from ppo_doctor.train.lab import Lab
from ppo_doctor.train.probes import Found
from ppo_doctor.train.probes.reward_audit import usual_range

PLAYS = 4
"""Episodes of each seed, with other actions."""


def measure(lab: Lab) -> Found:
    """The three influences."""
    rows, forks, k = lab.several, lab.forks, lab.plan.choices
    legal = forks.legal[rows]
    state = differ(forks.next_obs[rows, :k], legal)
    reward = differ(forks.reward[rows, :k, None], legal)
    found = {"action_influence_state": float(state.mean()), "action_influence_reward": float(reward.mean())}
    found["action_influence_return"] = on_return(lab)
    return Found(found, (f"{rows.sum()} states with two legal actions, forked by {lab.world.branching}",))


def on_return(lab: Lab) -> float:
    """Square root of the share of the return's variance that is due to actions; 0 if the return never varies."""
    n, horizon = lab.random.alive.shape
    others = [lab.world.play(lab.seeds(0, n), lab.seeds(PLAYS * n * k, n), horizon) for k in range(1, PLAYS)]
    low, high = usual_range(lab)
    returns = np.stack([(np.clip(play.reward, low, high) * play.alive).sum(axis=1) for play in (lab.random, *others)])
    within = returns.var(axis=0, ddof=1).mean()
    total = returns.mean(axis=0).var(ddof=1) + within * (1.0 - 1.0 / PLAYS)
    rounding = 1e-6 * float(np.abs(returns).max())
    return float(np.sqrt(min(within / total, 1.0))) if within > rounding**2 else 0.0


def differ(values: np.ndarray, legal: np.ndarray) -> np.ndarray:
    """[n] whether two legal actions lead to different values [n, actions, d]."""
    first = np.take_along_axis(values, np.argmax(legal, axis=1)[:, None, None], axis=1)
    return ((values != first).any(axis=2) & legal).any(axis=1)
