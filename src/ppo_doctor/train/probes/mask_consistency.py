"""Is the mask the environment's own? Every action, legal or not, is tried in states of random play.

The environment's answer is an exception, or `invalid` in its metrics (`info` of a Gymnasium environment).
mask_mismatch_frac: share of pairs (state, action) on which mask and answer differ. Among states with a difference,
mask_stale_frac: share whose mask is the answer one step before; mask_shifted_frac: the answer moved by one index.
Where no action is ever masked and the environment does not say what it refuses, there is no mask to be wrong: 0.

Cost: 8 episodes x up to 32 steps x actions (with replays, times the steps before).
Wrong when: the environment silently replaces an illegal action: then it cannot be asked, and nothing is measured.
Reference: Huang & Ontanon 2022, A Closer Look at Invalid Action Masking in Policy Gradient Algorithms.
"""

from __future__ import annotations

import numpy as np

from ppo_doctor.train.lab import Cannot, Lab
from ppo_doctor.train.probes import Found


def measure(lab: Lab) -> Found:
    """How often the mask is wrong, and in which way."""
    horizon = int(np.clip(lab.random.lengths.max(), 1, 32))
    answers = lab.world.answers(lab.seeds(0, 8), horizon)
    if answers is None and not lab.masked:
        return Found({"mask_mismatch_frac": 0.0}, ("no action was ever masked, and none refused",))
    if answers is None:
        raise Cannot("the environment does not say which actions it accepts")
    wrong = (answers.allowed != answers.masked) & answers.known[:, :, None]
    found = {"mask_mismatch_frac": float(wrong.sum() / (answers.known.sum() * wrong.shape[2]))}
    states = wrong.any(axis=2)
    if not states.any():
        return Found(found, (f"{int(answers.known.sum())} states, every action tried",))
    shifted = [np.roll(answers.allowed, by, axis=2) for by in (1, -1)]
    is_shifted = np.any([(answers.masked == one).all(axis=2) for one in shifted], axis=0)
    found["mask_shifted_frac"] = float(is_shifted[states].mean())
    later = states[:, 1:]
    if later.any():
        is_stale = (answers.masked[:, 1:] == answers.allowed[:, :-1]).all(axis=2)
        found["mask_stale_frac"] = float(is_stale[later].mean())
    return Found(found, (f"{int(states.sum())} of {int(answers.known.sum())} states have a wrong mask",))
