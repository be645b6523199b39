"""LOG109 metric-impossible."""

from __future__ import annotations

from collections.abc import Iterator

from ppo_doctor.diagnose.finding import Evidence, Finding, Remedy, seen
from ppo_doctor.diagnose.rule import Undecided, rule
from ppo_doctor.run import Series, synthetic

WHOLE = {"true_positives": "positives", "false_positives": "negatives", "finished": "arrived"}
"""Metric -> the metric that it is a part of."""
SHARES = ("accuracy", "precision", "recall", "f1", "mrr", "hits_at_1", "hits_at_10", "utilisation")
"""Metrics that lie between zero and one."""


@rule("LOG109", severity="warning")
def metric_impossible(
    eval_metric: dict[str, Series], expected_metric: dict[str, Series] | None = None, *, slack: float = 1e-6
) -> list[Finding]:
    """A metric exceeds what there is to count, or is expected to.

    Looks at
    Parts against their whole: true positives against positives, false positives against negatives, finished against
    arrived; and shares such as accuracy, F1 and MRR against one. Both what was recorded and what a plan or a report
    expects (`expected_metric`) count, beyond a relative `slack`.

    Why it matters
    A recorded count above its whole counts something twice. A target above it can never be met, so that a run that does
    well is called a failure; and whoever set it had another data set in mind.

    When it is wrong
    Where the whole is counted on fewer samples than the part.

    What to do
    Count part and whole over the same samples. Set the target as a share of the whole.

    References
    None; a rule of this project, from a report that expected more detections than its evaluation set has attacks.
    """
    pairs = [*_bounded(eval_metric, eval_metric), *_bounded(expected_metric or {}, eval_metric)]
    if not pairs:
        raise Undecided("no metric with a known bound is recorded")
    evidence = []
    for part, bound, whole in pairs:
        limit = bound * (1.0 + slack)
        if (over := part.value > limit).any():
            evidence.append(seen(part, part.value.max(), "largest", ">", limit, hits=over))
            evidence += [seen(whole, bound, "largest")] if whole is not None else []
    return [Finding("More is reported, or hoped for, than there is.", _once(evidence), REMEDIES)] if evidence else []


def _bounded(parts: dict[str, Series], metrics: dict[str, Series]) -> Iterator[tuple[Series, float, Series | None]]:
    """(part, the most it can be, the series that says so) of every metric whose bound is known."""
    for name, part in parts.items():
        if name in SHARES:
            yield part, 1.0, None
        elif (whole := metrics.get(WHOLE.get(name, ""))) is not None:
            yield part, float(whole.value.max()), whole


def _once(evidence: list[Evidence]) -> tuple[Evidence, ...]:
    return tuple(dict.fromkeys(evidence))


REMEDIES = (
    Remedy(
        "Count the part and its whole over the same samples, and report their ratio",
        "a ratio shows at once what a count hides",
        verify="no part exceeds its whole",
    ),
)

_METRICS = {"positives": [181.0] * 3, "true_positives": [0.0, 12.0, 90.0]}
FIRES = (
    synthetic("expects too much", eval_metric=_METRICS, expected_metric={"true_positives": [200.0, 500.0, 1000.0]}),
    synthetic("counts twice", eval_metric={"positives": [181.0] * 2, "true_positives": [90.0, 240.0]}),
    synthetic("a share above one", eval_metric={"f1": [0.4, 1.2]}),
)
SILENT = (
    synthetic("all there is", eval_metric=_METRICS, expected_metric={"true_positives": [20.0, 100.0, 181.0]}),
    synthetic("shares", eval_metric={"accuracy": [0.9, 1.0], "mrr": [0.8, 0.89]}),
)
