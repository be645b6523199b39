"""Fault: the return that is reported is the best one seen, on the same seeds on which it was chosen.

Selection and report on one set: the figure can only rise, noise alone lifts it, and a policy that has fallen apart
keeps its best number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ppo_doctor.train.fault import Fault
from ppo_doctor.train.learner import Parts, Row


def parts(parts: Parts, strength: float) -> Parts:
    """The evaluation return is the largest so far."""
    del strength

    def report(rows: Sequence[Row]) -> Row:
        row = parts.report(rows)
        best = max((one["eval_mean_return"] for one in rows if "eval_mean_return" in one), default=None)
        return row if best is None or "eval_mean_return" not in row else {**row, "eval_mean_return": best}

    return replace(parts, report=report)


FAULT = Fault(
    "selected-on-report-set", "evaluation", "the reported return is the best seen so far", (1.0,), parts=parts
)
