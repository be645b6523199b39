"""The few statistics rules share. All take finite series: the engine has seen to that."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from ppo_doctor.diagnose.rule import Undecided
from ppo_doctor.run import Series

ROBUST = 1.4826
"""Standard deviation of a Gaussian in units of its median absolute deviation."""


def tail(series: Series, share: float = 0.25, least: int = 3) -> Series:
    """The last `share` of the points, `least` of them at least (all, if there are fewer)."""
    count = max(int(np.ceil(len(series) * share)), least)
    return series.where(np.arange(len(series)) >= len(series) - count)


def after(series: Series, count: int) -> Series:
    """The series without its first `count` points."""
    return series.where(np.arange(len(series)) >= count)


def need(series: Series, least: int, what: str = "updates") -> None:
    """Raises `Undecided` unless the series has `least` points."""
    if len(series) < least:
        raise Undecided(f"needs {least} {what} with {series.name}, has {len(series)}")


def spent(series: Series, total_steps: float | None, budget: float) -> None:
    """Raises `Undecided` unless `budget` of the planned steps is gone; says nothing where the plan is unknown."""
    if total_steps is not None and series.last_step < budget * total_steps:
        raise Undecided(f"too early: {series.last_step} of {total_steps:g} planned steps are gone, needs {budget:.0%}")


def aligned(*several: Series) -> tuple[Series, ...]:
    """All of them at the steps they share."""
    common = reduce(np.intersect1d, (series.step for series in several))
    return tuple(series.where(np.isin(series.step, common)) for series in several)


def median(series: Series) -> float:
    """Median of the values."""
    return float(np.median(series.value))


def spread(series: Series) -> float:
    """Robust standard deviation: 1.4826 times the median absolute deviation from the median."""
    return ROBUST * float(np.median(np.abs(series.value - np.median(series.value))))


def rises(series: Series, alpha: float = 0.01) -> bool:
    """Whether the values rise with time: one-sided Mann-Kendall test (Kendall's tau against order) at level `alpha`."""
    if len(series) < 4 or np.ptp(series.value) == 0:
        return False
    from scipy.stats import kendalltau  # half a second to import, and most rules need no test

    test: Any = kendalltau(np.arange(len(series)), series.value, alternative="greater")
    return bool(test.pvalue < alpha)


@dataclass(frozen=True)
class Progress:
    """How far the returns of a run have come."""

    series: Series
    level: float
    """Median of the last quarter [return]."""
    headroom: float | None
    """(level - random) / (best baseline - random); None unless both are known and differ in the right direction."""
    rose: bool
    """The level lies above the start by more than noise, and by something that matters."""
    rising: bool
    """The second half still rises, by something that matters."""
    lost: float
    """Share of the gain that was lost again after the best stretch; 0 if there never was a gain."""

    @property
    def at_par(self) -> bool:
        """Whether the run has nine tenths of the headroom or more: in substance as good as the best baseline."""
        return self.headroom is not None and self.headroom >= 0.9

    @property
    def learnt(self) -> bool:
        """Whether the run rose and kept at least half of it."""
        return self.rose and self.lost < 0.5


def material(random: float | None, best: float | None, std: float | None, share: float = 0.05) -> float:
    """The smallest gain that matters [return]: `share` of the headroom between random play and the best baseline.

    Without a baseline above random play, half the standard deviation of random play between episodes; 0 without either.
    """
    if random is not None and best is not None and best > random:
        return share * (best - random)
    return 0.0 if std is None else 0.5 * std


def progress(
    returns: Series, random: float | None = None, best: float | None = None, std: float | None = None, least: int = 6
) -> Progress:
    """Judge a series of returns, relative to the environment where references are known (as for `material`).

    Evaluations on fixed seeds hardly scatter, so that a gain must also matter. The start is the random policy's return
    if that is known, else the first value. Raises `Undecided` below `least` points.
    """
    need(returns, least, "points")
    late, half, gain = tail(returns), tail(returns, 0.5), material(random, best, std)
    level, start = median(late), float(returns.value[0]) if random is None else random
    noise = max(spread(half), 1e-9 * max(1.0, abs(level)))
    windows = np.lib.stride_tricks.sliding_window_view(returns.value, 3)
    peak = float(np.max(np.median(windows, axis=-1)))
    gained = peak - start > max(4.0 * noise, gain)
    return Progress(
        series=returns,
        level=level,
        headroom=(level - random) / (best - random)
        if random is not None and best is not None and best > random
        else None,
        rose=level - start > gain and (level - start > 4.0 * noise or rises(returns)),
        rising=level - half.value[0] > gain and rises(half, alpha=0.05),
        lost=(peak - level) / (peak - start) if gained else 0.0,
    )
