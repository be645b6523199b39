"""Fault: the reported 95th percentile is the percentile of a running average.

A load balancer fed the mean latency so far, instead of single latencies, to its tail monitor: mean, p95 and maximum
agreed to 0.1 %, and "no tail" was read where none was measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ppo_doctor.train.fault import Fault
from ppo_doctor.train.learner import Parts, Row


def parts(parts: Parts, strength: float) -> Parts:
    """Adds mean, p95 and maximum of the evaluation returns, all three taken of the mean so far."""
    del strength

    def report(rows: Sequence[Row]) -> Row:
        row = parts.report(rows)
        returns = [one["eval_mean_return"] for one in rows if "eval_mean_return" in one]
        if "eval_mean_return" not in row:
            return row
        so_far = sum(returns) / len(returns)
        return {**row, **{f"eval_metric/return_{name}": so_far for name in ("mean", "p95", "max")}}

    return replace(parts, report=report)


FAULT = Fault(
    "running-average-as-percentile",
    "evaluation",
    "the reported percentile is one of running averages",
    (1.0,),
    parts=parts,
)
