"""The privacy budget that repeated releases under Gaussian noise spend: exact, no library needed.

k releases with noise of multiplier sigma (standard deviation over L2 sensitivity) are one release with sigma / sqrt(k)
(Dong, Roth & Su 2022, corollary 3.3), whose (epsilon, delta) curve is known in closed form (Balle & Wang 2018,
theorem 8). Every row is noised at each release: nothing is sub-sampled.
"""

from __future__ import annotations

import math
from typing import Any


def spent(noise_multiplier: float, releases: float, delta: float) -> float:
    """The least epsilon for which `releases` releases are (epsilon, delta)-private.

    Infinite without noise. Raises `ValueError` for a negative multiplier or count, or a delta outside (0, 1).
    """
    if noise_multiplier < 0.0 or releases < 0.0 or not 0.0 < delta < 1.0:
        raise ValueError(f"no budget for noise_multiplier {noise_multiplier}, releases {releases}, delta {delta}")
    if releases == 0.0:
        return 0.0
    if noise_multiplier == 0.0:
        return math.inf
    from scipy.optimize import brentq

    mu, target, high = math.sqrt(releases) / noise_multiplier, math.log(delta), 1.0
    if _log_delta(0.0, mu) <= target:
        return 0.0
    while _log_delta(high, mu) > target:
        high *= 2.0
    root: Any = brentq(lambda epsilon: _log_delta(epsilon, mu) - target, 0.0, high)  # a pair only if asked for
    return float(root)


def _log_delta(epsilon: float, mu: float) -> float:
    """log delta(epsilon) = log(Phi(mu/2 - epsilon/mu) - e^epsilon Phi(-mu/2 - epsilon/mu)), without overflow."""
    from scipy.special import log_ndtr

    first = float(log_ndtr(mu / 2 - epsilon / mu))
    second = epsilon + float(log_ndtr(-mu / 2 - epsilon / mu))
    return first + math.log(-math.expm1(second - first)) if second < first else -math.inf
