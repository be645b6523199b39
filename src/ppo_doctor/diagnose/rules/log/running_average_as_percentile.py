"""LOG104 running-average-as-percentile."""

from __future__ import annotations

import re

import numpy as np

from ppo_doctor.diagnose.finding import Evidence, Finding, Remedy, seen
from ppo_doctor.diagnose.rule import rule
from ppo_doctor.diagnose.series import aligned, need
from ppo_doctor.run import Series, synthetic

MEAN, TAIL = r"mean|avg|average", r"p9\d|max|worst"


@rule("LOG104", severity="warning")
def running_average_as_percentile(
    eval_metric: dict[str, Series], *, close: float = 0.005, share: float = 0.9, least: int = 5
) -> list[Finding]:
    """Mean, percentile and maximum of a metric are the same number.

    Looks at
    Metrics whose names differ only in mean against percentile or maximum: within `close` of each other, relative to
    their size, in more than `share` of `least` points or more, while the metric is not zero.

    Why it matters
    A real tail lies above its mean. Equal ones mean that the percentile is taken of something already averaged, such as
    the running mean of the run: spikes are hidden, and "no tail" is read where none was measured.

    When it is wrong
    A metric that is constant within an episode has no tail; then all its episodes are alike.

    What to do
    Feed single observations, not averages, to what computes the percentile, over a stated window.

    References
    Tene 2015, How NOT to Measure Latency.
    """
    found = []
    for name, mean in eval_metric.items():
        if not re.search(MEAN, name):
            continue
        for other, upper in eval_metric.items():
            if other != name and re.search(TAIL, other) and _stem(other) == _stem(name):
                found += _same(mean, upper, close, share, least)
    if not found:
        return []
    return [Finding("The percentile is one of averages: it shows no tail whatever happens.", tuple(found), REMEDIES)]


def _stem(name: str) -> str:
    return re.sub(rf"[_/ .-]*({MEAN}|{TAIL})[_/ .-]*", "", name)


def _same(mean: Series, upper: Series, close: float, share: float, least: int) -> list[Evidence]:
    mean, upper = aligned(mean, upper)
    need(mean, int(least), "points")
    gap = np.abs(upper.value - mean.value)
    same = (gap <= close * np.abs(mean.value)) & (mean.value != 0.0)
    if same.mean() <= share:
        return []
    return [seen(upper, upper.value[-1], "last", hits=same), seen(mean, mean.value[-1], "last", hits=same)]


REMEDIES = (
    Remedy(
        "Compute percentiles from single observations within a stated window",
        "averaging first removes what a percentile is for",
        verify="the percentile lies above the mean",
    ),
)

_MEAN = [9.3, 9.4, 9.41, 9.415, 9.42, 9.42]
FIRES = (
    synthetic(
        "a running average",
        eval_metric={
            "latency_mean": _MEAN,
            "latency_p95": [x + 0.005 for x in _MEAN],
            "latency_max": [x + 0.01 for x in _MEAN],
        },
    ),
)
SILENT = (
    synthetic("a real tail", eval_metric={"latency_mean": _MEAN, "latency_p95": [2 * x for x in _MEAN]}),
    synthetic("other metrics", eval_metric={"latency_mean": _MEAN, "queue_p95": _MEAN, "cost": _MEAN}),
)
