"""Which addends of the reward steer? A term counts by how much its sum differs between actions, not by its size.

For every fork and stream of random numbers, A is the return of an action less the mean over actions, A_i the same for
one term alone. A term's share is Cov(A_i, A) / Var(A); shares add to 1. reward_term_share_max: the largest.
reward_terms_dead: share of the paid terms whose A_i is zero everywhere (to rounding).

Cost: that of the forks. Gymnasium environments must report `info["reward_terms"]`, a dict of addends.
Wrong when: a term pays for something random play never reaches, or later than the continuations go.
Reference: Juozapaitis et al. 2019, Explainable Reinforcement Learning via Reward Decomposition.
"""

from __future__ import annotations

import numpy as np

from ppo_doctor.train.lab import Cannot, Lab
from ppo_doctor.train.probes import Found

ROUNDING = 1e-5
"""Spread between actions, over the mean size of the term's return, that float32 sums explain."""


def measure(lab: Lab) -> Found:
    """The largest share, the share of dead terms, and all shares in a note."""
    forks, rows = lab.forks, lab.several
    paid = {name: lab.grid(x)[rows] for name, x in forks.terms.items() if np.any(x)}
    if not paid:
        raise Cannot("the environment reports no terms of its reward")
    apart = {name: lab.centred(lab.grid(forks.terms[name]))[rows] for name in paid}
    whole = np.sum(list(apart.values()), axis=0)
    dead = [name for name, x in apart.items() if np.abs(x).max() <= ROUNDING * np.abs(paid[name]).mean()]
    found = {"reward_terms_dead": len(dead) / len(paid)}
    notes = [f"no action changes {', '.join(dead)}"] if dead else []
    if (variance := float((whole**2).mean())) > 0.0 and len(dead) < len(paid):
        shares = {name: float((x * whole).mean()) / variance for name, x in apart.items()}
        notes.append("shares: " + ", ".join(f"{name} {share:.0%}" for name, share in shares.items()))
        if len(paid) > 1:
            found["reward_term_share_max"] = max(shares.values())
    return Found(found, tuple(notes))
