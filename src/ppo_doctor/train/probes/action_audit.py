"""Do the bounds of real actions suit a fresh Gaussian policy, and does their whole range have an effect?

action_at_bound_frac: share of the components of a standard normal action that lie beyond the declared bounds, by the
normal distribution itself. action_tied_frac: share of pairs of different actions that in most states lead to exactly
the same (observations of two steps, reward, return, the random numbers being the same), over states in which some
actions differ: beyond a bound that is not declared all actions are one.

Cost: that of the forks, shared with other probes.
Wrong when: the learner rescales actions to [-1, 1] before it meets the bounds, as our trainer does: then
action_at_bound_frac is not measured, it is 32 % by construction. An actuator with steps ties actions by nature.
Reference: Fujita & Maeda 2018, Clipped Action Policy Gradient.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import norm

from ppo_doctor.errors import UserError
from ppo_doctor.train.env import Box
from ppo_doctor.train.lab import Cannot, Lab
from ppo_doctor.train.probes import Found

TELLING = 0.5
"""Least share of states in which actions must differ at all; and in which a pair must be tied."""


def measure(lab: Lab) -> Found:
    """The share of a fresh policy's actions that end at a bound, and that of pairs of actions that do the same."""
    space = lab.world.space
    if not isinstance(space, Box):
        raise Cannot("actions are choices, not numbers")
    found, notes = {}, []
    if lab.world.branching != "state":  # our trainer scales actions to their bounds
        low, high = np.asarray(space.low), np.asarray(space.high)
        found["action_at_bound_frac"] = float(np.mean(norm.cdf(low) + norm.sf(high)))
    try:
        found["action_tied_frac"] = tied(lab)
    except (Cannot, UserError) as why:
        notes.append(str(why))
    if not found:
        raise Cannot(notes[0])
    return Found(found, tuple(notes))


def tied(lab: Lab) -> float:
    """Share of pairs of different actions with the same outcome in most states. Raises `Cannot` if hardly any state
    tells actions apart."""
    forks, k = lab.forks, lab.plan.choices
    outcome = [forks.next_obs[:, :k], forks.later_obs[:, :k]]
    outcome += [x[:, :k, None] for x in (forks.reward, forks.later_reward, forks.returns)]
    all_of_it = np.concatenate(outcome, axis=2)
    first, second = np.triu_indices(k, 1)
    same = (all_of_it[:, first] == all_of_it[:, second]).all(axis=2)
    telling = ~same.all(axis=1)
    if telling.mean() < TELLING:
        raise Cannot("in most states all actions do the same")
    return float((same[telling].mean(axis=0) > TELLING).mean())
