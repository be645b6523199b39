"""VAL101 explained-variance-low."""

from __future__ import annotations

from typing import Any

import numpy as np

from ppo_doctor.diagnose.finding import Finding, Remedy, seen
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.diagnose.series import after, aligned, median, need, tail
from ppo_doctor.run import Series, synthetic


@rule("VAL101", severity="warning")
def explained_variance_low(
    explained_variance: Series,
    return_std: Series | None = None,
    return_mean: Series | None = None,
    ev_ceiling: float | None = None,
    *,
    limit: float = 0.02,
    warmup: int = 5,
    least: int = 8,
    flat: float = 0.01,
) -> list[Finding]:
    """The critic predicts returns no better than a constant.

    Looks at
    The median explained variance of the last quarter, at or below `limit`. The first `warmup` updates are not judged,
    and `least` others are needed. Updates whose returns hardly vary (standard deviation within `flat` of the mean's
    size) do not count: there is nothing to explain. Nor is there below a ceiling of `limit` (`ev_ceiling`).

    Why it matters
    The advantage then is the raw return: unbiased, but with all of its noise. Policy gradients drown.

    When it is wrong
    On a solved task with equal returns; at the first updates, where an untrained critic scores minus anything; where
    the return cannot be predicted from the observation (a hidden label), so that the ceiling itself is near zero. It is
    blind to bias: a critic off by a constant scores as if it were right.

    What to do
    See whether the observation determines the return at all before touching the critic.

    References
    Schulman 2016 (GAE); Andrychowicz et al. 2021, What Matters in On-Policy RL, sections on value functions.
    """
    judged = after(explained_variance, int(warmup))
    if return_std is not None and return_mean is not None:
        judged = _where_returns_vary(judged, return_std, return_mean, flat)
        if not len(judged) and len(return_std) >= warmup + least:
            return []
    need(judged, int(least), f"updates after the first {warmup:g}, with returns that vary,")
    late = tail(judged)
    if median(late) > limit or (ev_ceiling is not None and ev_ceiling <= limit):
        return []
    if return_std is None or return_mean is None:
        raise Undecided("low, but return_std and return_mean were not recorded: equal returns would explain it")
    low = seen(late, median(late), "median of the last quarter", "<=", limit, hits=late.value <= limit)
    varied = tail(return_std)
    meaning = "The critic explains none of the variation of the returns, although they vary."
    return [Finding(meaning, (low, seen(varied, median(varied), "median of the last quarter")), REMEDIES)]


def _where_returns_vary(series: Series, std: Series, mean: Series, flat: float) -> Series:
    series, std, mean = aligned(series, std, mean)
    return series.where(std.value > flat * np.maximum(np.abs(mean.value), 1e-6))


REMEDIES = (
    Remedy(
        "Ask whether the return can be predicted from the observation at all",
        "no critic beats the ceiling that hidden information sets",
        confirm="observability",
    ),
    Remedy(
        "Standardise the value targets and observations",
        "targets of the wrong scale keep the value loss in charge of nothing, or of everything",
        verify="explained_variance rises within a few updates",
        change={"normalize_targets": "true", "normalize_obs": "true"},
    ),
    Remedy(
        "Raise the critic's learning rate",
        "a critic starved of steps lags behind a policy that moves",
        change={"critic_learning_rate": "x3"},
    ),
)

_VARYING: Any = {"return_std": [3.0] * 16, "return_mean": [10.0] * 16}
FIRES = (
    synthetic("critic detached", explained_variance=[-4.0] + [0.0, -0.01, 0.01] * 5, **_VARYING),
    synthetic("worse than a constant", explained_variance=[-5.0 + 0.2 * k for k in range(16)], **_VARYING),
)
SILENT = (
    synthetic("critic learns", explained_variance=[-5.0, -1.0, 0.0] + [0.4, 0.6, 0.7, 0.8] * 3 + [0.8], **_VARYING),
    synthetic(
        "solved: all returns equal", explained_variance=[-9.0] * 16, return_std=[1e-4] * 16, return_mean=[1.0] * 16
    ),
)
