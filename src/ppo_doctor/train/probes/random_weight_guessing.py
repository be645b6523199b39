"""How far does guessing get? 32 linear policies with standard normal weights on scaled features, no learning.

random_weights_gain: return of the best of them on fresh episodes, less that of random play, in standard deviations of
random episodes. random_weights_spread: standard deviation of the mean return between guesses, sampling noise taken out,
in the same unit. Where all guesses earn the same, reward, observation or action may be broken, or rewards are rare.

Cost: 32 policies x up to 8 episodes, and once more for the best.
Wrong when: the useful policies are not linear in the features.
Reference: Oller, Glasmachers & Cuccu 2020, Analyzing Reinforcement Learning Benchmarks with Random Weight Guessing.
"""

from __future__ import annotations

import numpy as np

from ppo_doctor.train.lab import Cannot, Lab
from ppo_doctor.train.probes import Found


def measure(lab: Lab) -> Found:
    """The best guess and the spread of all."""
    scores, best = lab.guesses
    if lab.spread == 0.0:
        raise Cannot("random episodes all earn the same: there is no unit to measure in")
    noise = scores.var(axis=1, ddof=1).mean() / scores.shape[1]
    between = max(scores.mean(axis=1).var(ddof=1) - noise, 0.0)
    found = {
        "random_weights_gain": float((best.mean() - lab.random_returns.mean()) / lab.spread),
        "random_weights_spread": float(np.sqrt(between) / lab.spread),
    }
    return Found(found, (f"{len(scores)} policies, {scores.shape[1]} episodes each; best {best.mean():.4g}",))
