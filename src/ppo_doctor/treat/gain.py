"""What a change gained, over paired seeds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import stats

LEVEL = 0.95
LEAST = 0.1
"""Gain above which a change helps: the limit of the rules on trials."""
SEEDS = 4
"""Seeds of a trial by default: the interval of two or three is too wide to show anything but a rescue."""


def gain(changed: Sequence[float], before: Sequence[float], random: float) -> float:
    """Lower end of the one-sided 95 % interval (Student) of the mean gain; the unit is how far from random play the
    farther of the two is.

    changed, before: [seeds] returns with and without the change, of the same seeds. random: return of random play.
    NaN for fewer than two seeds and for returns that are not finite.
    """
    x, y = np.asarray(changed, float), np.asarray(before, float)
    if len(x) < 2 or not np.isfinite([*x, *y, random]).all():
        return float("nan")
    apart = x - y
    low = apart.mean() - stats.t.ppf(LEVEL, len(x) - 1) * apart.std(ddof=1) / np.sqrt(len(x))
    unit = max(abs(x.mean() - random), abs(y.mean() - random))
    return float(low / unit) if unit > 0 else 0.0
