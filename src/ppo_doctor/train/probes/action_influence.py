"""Does what is done matter? Every legal action from the same state with the same random numbers.

action_influence_state and _reward: share of states with two legal actions or more in which two of them lead to
different next observations, or rewards. action_influence_return: mean over states and streams of random numbers of the
standard deviation over first actions of the return, play going on at random, over that of the return between episodes.

Cost: states x (actions x 8 + 6) x the steps to the end, shared with all probes that fork.
Wrong when: an action shows only later than one step (the return sees it, unless continuations were cut before); the
environment draws a different number of random numbers after different actions, so that luck looks like influence.
Reference: Seitzer et al. 2021, Causal Influence Detection for Improving Efficiency in Reinforcement Learning.
"""

from __future__ import annotations

import numpy as np

from ppo_doctor.train.lab import Lab
from ppo_doctor.train.probes import Found


def measure(lab: Lab) -> Found:
    """The three influences."""
    forks, rows, k = lab.forks, lab.several, lab.plan.choices
    legal = forks.legal[rows]
    state = differ(forks.next_obs[rows, :k], legal)
    reward = differ(forks.reward[rows, :k, None], legal)
    apart = lab.centred(lab.grid(forks.returns))[rows]
    within = np.sqrt((apart**2).sum(axis=2) / legal.sum(axis=1)[:, None]).mean()
    found = {"action_influence_state": state.mean(), "action_influence_reward": reward.mean()}
    notes = [f"{rows.sum()} states with two legal actions, forked by {lab.world.branching}"]
    if lab.plan.horizon < lab.world.max_steps:
        notes.append(f"returns are counted over {lab.plan.horizon} steps after the choice")
    if within == 0.0 or lab.spread > 0.0:
        found["action_influence_return"] = within / lab.spread if within > 0.0 else 0.0
    else:
        notes.append("returns of random play never differ, so that the influence on them has no scale")
    return Found({name: float(value) for name, value in found.items()}, tuple(notes))


def differ(values: np.ndarray, legal: np.ndarray) -> np.ndarray:
    """[n] whether two legal actions lead to different values [n, actions, d]."""
    first = np.take_along_axis(values, np.argmax(legal, axis=1)[:, None, None], axis=1)
    return ((values != first).any(axis=2) & legal).any(axis=1)
