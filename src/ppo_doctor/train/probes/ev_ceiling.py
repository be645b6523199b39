"""How well could any critic do? ev_ceiling: 1 - E_s[Var(R | s)] / Var(R) with R the discounted return of random play
from a state, estimated from eight independent continuations of each state: a critic that knew the state exactly would
have this explained variance, one that sees an observation at most this.

Cost: that of the forks.
Wrong when: later policies are less random than chance (the ceiling rises); continuations were cut.
Reference: the law of total variance.
"""

from __future__ import annotations

import numpy as np

from ppo_doctor.train.lab import REPEATS, Cannot, Lab
from ppo_doctor.train.probes import Found


def measure(lab: Lab) -> Found:
    """The ceiling of explained variance under random play."""
    values, legal = lab.grid(lab.forks.discounted), lab.forks.legal
    n = len(values)
    u = np.random.default_rng(lab.seed).random((n, REPEATS, legal.shape[1])) * legal[:, None, :]
    sample = np.take_along_axis(values, u.argmax(axis=2)[:, :, None], axis=2)[:, :, 0]
    within = float(sample.var(axis=1, ddof=1).mean())
    total = float(sample.mean(axis=1).var(ddof=1)) + within * (1.0 - 1.0 / REPEATS)
    if total <= 1e-12 * max(float(np.abs(sample).max()), 1e-30) ** 2:
        raise Cannot("the return of random play is the same everywhere")
    note = f"discount {lab.gamma:g}, {n} states, {REPEATS} continuations each"
    return Found({"ev_ceiling": float(np.clip(1.0 - within / total, 0.0, 1.0))}, (note,))
