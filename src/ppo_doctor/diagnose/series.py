"""The few statistics rules share. All take finite series: the engine has seen to that."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import reduce

import numpy as np

from ppo_doctor.diagnose.finding import Evidence, seen
from ppo_doctor.diagnose.rule import TooFew, Undecided
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
    """Raises `TooFew` unless the series has `least` points."""
    if len(series) < least:
        raise TooFew(series.name, f"needs {least} {what} with {series.name}, has {len(series)}")


def complete(series: Series, rollout: float, share: float = 0.95) -> None:
    """Raise `Undecided` unless updates of `rollout` steps make up this share of all steps between the first point and
    the last: what happened in the others was counted nowhere."""
    steps, held = series.last_step - int(series.step[0]), (len(series) - 1) * rollout
    if held < share * steps:
        raise Undecided(f"{series.name}: the log holds {held / steps:.0%} of the updates")


def spent(series: Series, total_steps: float | None, budget: float) -> None:
    """Raises `Undecided` unless `budget` of the planned steps is gone; says nothing where the plan is unknown."""
    if total_steps is not None and series.last_step < budget * total_steps:
        raise Undecided(f"too early: {series.last_step} of {total_steps:g} planned steps are gone, needs {budget:.0%}")


def aligned(*several: Series) -> tuple[Series, ...]:
    """All of them at the steps they share; where they repeat steps differently, the last point of each step."""
    common = reduce(np.intersect1d, (series.step for series in several))
    shared = tuple(series.where(np.isin(series.step, common)) for series in several)
    if all(np.array_equal(series.step, shared[0].step) for series in shared):
        return shared
    return tuple(series.where(np.append(np.diff(series.step) > 0, True)) for series in shared)


def median(series: Series) -> float:
    """Median of the values."""
    return float(np.median(series.value))


def spread(series: Series) -> float:
    """Robust standard deviation: 1.4826 times the median absolute deviation from the median."""
    return ROBUST * float(np.median(np.abs(series.value - np.median(series.value))))


def thinned(series: Series, most: int = 500) -> Series:
    """At most `most` points, each the median of a block of equal count, at the block's last step: tests stay cheap."""
    if len(series) <= most:
        return series
    blocks = np.array_split(np.arange(len(series)), most)
    value = np.array([np.median(series.value[block]) for block in blocks])
    last = np.array([block[-1] for block in blocks])
    return Series(series.name, series.step[last], value, series.as_logged, series.caveat)


def kendall(value: np.ndarray) -> tuple[int, float]:
    """Mann-Kendall statistic S of `value` [n] against its order, and the one-sided p-value of a rise.

    S = pairs that rise less pairs that fall (Mann 1945). The p-value is exact up to 33 values without ties (by the
    Mahonian numbers), else Kendall's Gaussian approximation with its correction for ties (Kendall 1975, equation 4.1).
    """
    n = len(value)
    s = int(sum(np.sign(value[k + 1 :] - value[k]).sum() for k in range(n - 1)))
    _, ties = np.unique(value, return_counts=True)
    if n <= 33 and ties.max(initial=1) == 1:
        counts = np.ones(1)  # orders of k values by their number of inversions
        for k in range(2, n + 1):
            counts = np.convolve(counts, np.ones(k)) / k
        return s, float(counts[: (n * (n - 1) // 2 - s) // 2 + 1].sum())
    variance = (n * (n - 1) * (2 * n + 5) - np.sum(ties * (ties - 1) * (2 * ties + 5))) / 18.0
    return s, 1.0 if variance <= 0 else 0.5 * math.erfc(s / math.sqrt(2.0 * variance))


def rises(series: Series, alpha: float = 0.01) -> bool:
    """Whether the values rise with time: one-sided Mann-Kendall test at level `alpha`; False below four points."""
    return len(series) >= 4 and kendall(thinned(series).value)[1] < alpha


def falls(series: Series, alpha: float = 0.01) -> bool:
    """Whether the values fall with time: the same test of their negatives."""
    return len(series) >= 4 and kendall(-thinned(series).value)[1] < alpha


def climb(series: Series) -> float:
    """Change over the whole series by its Theil-Sen line: median slope over all pairs of points, times the steps.

    In the signal's unit; robust against up to 29 % of outliers (Sen 1968). 0 for fewer than two distinct steps.
    """
    few = thinned(series)
    ahead, behind = np.triu_indices(len(few), 1)[::-1]
    run = few.step[ahead] - few.step[behind]
    if not (run > 0).any():
        return 0.0
    slopes = (few.value[ahead] - few.value[behind])[run > 0] / run[run > 0]
    return float(np.median(slopes)) * float(few.step[-1] - few.step[0])


@dataclass(frozen=True)
class Break:
    """Where a series changes its level."""

    index: int
    """First point of the new level."""
    step: int
    """Environment step of that point."""
    before: float
    """Median before."""
    after: float
    """Median from there on."""
    size: float
    """|after - before| in robust standard deviations of the values around their own level; infinite without any."""


def broken(series: Series, least: int = 3) -> Break | None:
    """The most likely change of level by CUSUM: where |sum of (value - mean)| is largest (Page 1954; Taylor 2000).

    None below 2 `least` points or for a constant series; both sides have `least` points.
    """
    n = len(series)
    if n < 2 * least or np.ptp(series.value) == 0:
        return None
    sums = np.abs(np.cumsum(series.value - series.value.mean()))[least - 1 : n - least]
    index = int(np.argmax(sums)) + least
    before, after = float(np.median(series.value[:index])), float(np.median(series.value[index:]))
    around = series.value - np.where(np.arange(n) < index, before, after)
    noise = ROBUST * float(np.median(np.abs(around)))
    size = abs(after - before) / noise if noise > 0 else (np.inf if after != before else 0.0)
    return Break(index, int(series.step[index]), before, after, float(size))


def entropy_ceiling(
    entropy: Series, n_actions: float | None = None, masked: float | None = None, log_std: Series | None = None
) -> tuple[float, str]:
    """The entropy of a policy that knows nothing, in the unit of `entropy`, and how it is known.

    `entropy` is `entropy_frac` (ceiling 1) or the raw `entropy` [nats]: then log(number of actions), or, where that
    or the mask is unknown, the largest of the first three values (policies are initialised near uniform). Raises
    `Undecided` for Gaussian policies, whose differential entropy has no zero and no maximum.
    """
    if entropy.name == "entropy_frac":
        return 1.0, ""
    if log_std is not None or (entropy.value < 0.0).any():
        raise Undecided("the differential entropy of a Gaussian policy has no zero and no maximum")
    if n_actions is not None and n_actions > 1 and masked == 0:
        return float(np.log(n_actions)), "of the logarithm of the number of actions"
    start = float(entropy.value[:3].max())
    if start <= 0.0:
        raise Undecided("entropy was zero from the first update on, and the number of legal actions is unknown")
    return start, "of its start"


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

    @property
    def stuck(self) -> bool:
        """Whether the run neither stands at the best baseline, nor rose and kept it, nor still rises."""
        return not (self.at_par or self.learnt or self.rising)

    @property
    def evidence(self) -> Evidence:
        """The level, as evidence."""
        return seen(tail(self.series), self.level, "median of the last quarter")


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


def fixed(returns: Series, random: float | None, std: float | None) -> bool:
    """Whether every episode of the run and of random play is paid one and the same sum, which is not zero."""
    if random is None or std is None or random == 0.0 or not len(returns):
        return False
    within = 1e-6 * abs(random)
    return std <= within and bool((np.abs(returns.value - random) <= within).all())


def predetermined(returns: Series, random: float | None, std: float | None) -> None:
    """Raises `Undecided` where every episode is paid the same, random play included: no return can show learning."""
    if fixed(returns, random, std):
        raise Undecided("every episode is paid the same, random play included: no return can show what was learnt")


def stalled(
    symptom: str,
    returns: Series | None,
    random: float | None = None,
    best: float | None = None,
    std: float | None = None,
) -> Progress | None:
    """How far a run came that shows `symptom`, if it is stuck; None if it is not, so that the symptom is harmless.

    Raises `Undecided` without returns, or with too few.
    """
    if returns is None:
        raise Undecided(f"{symptom}, but no return was recorded: on a run that learns that is harmless")
    predetermined(returns, random, std)
    come = progress(returns, random, best, std)
    return come if come.stuck else None
