"""Fault: what is plotted as the return is what the critic predicts.

A name that was reused, or a "return" column that holds the value targets: discounted, bootstrapped, and as optimistic
as the critic is. The learner is fine; the curve says something else than its name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ppo_doctor.train.fault import Fault
from ppo_doctor.train.learner import Parts, Row


def parts(parts: Parts, strength: float) -> Parts:
    """Returns in the row are the mean of the critic's targets, times `strength`."""

    def report(rows: Sequence[Row]) -> Row:
        row = parts.report(rows)
        if "return_mean" not in row:
            return row
        names = [name for name in ("mean_ep_return", "eval_mean_return") if name in row]
        return {**row, **dict.fromkeys(names, strength * row["return_mean"])}

    return replace(parts, report=report)


FAULT = Fault("metric-wrong", "evaluation", "the reported return is the critic's opinion", (1.0,), parts=parts)
