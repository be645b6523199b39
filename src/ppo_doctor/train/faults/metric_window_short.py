"""Fault: reported training metrics cover the last few steps of each rollout.

Accumulators that are reset with each episode keep the last piece: a threat detector reported accuracy and reward of the
last 48 of 2,048 steps, so that all figures were multiples of 1/48. The learner is fine; its curve is noise. What is
left here is one block of the evaluation, and episodes that are counted by the window's share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ppo_doctor.train.fault import Fault
from ppo_doctor.train.learner import Parts, Row


def parts(parts: Parts, strength: float) -> Parts:
    """Evaluation is that of one block; the window covers a share `strength` of what it is reported for."""

    def report(rows: Sequence[Row]) -> Row:
        row = parts.report(rows)
        named = {name: x for name, x in row.items() if name.startswith("eval_block")}
        first = {"eval_mean_return": named["eval_block0_return"]} if named else {}
        counted = {"n_episodes": strength * row["n_episodes"]} if "n_episodes" in row else {}
        return {**row, **first, **counted, "metric_window_share": strength}

    return replace(parts, report=report)


FAULT = Fault(
    "metric-window-too-short",
    "evaluation",
    "training metrics cover the last steps of a rollout only",
    (0.0234, 0.2),
    parts=parts,
)
