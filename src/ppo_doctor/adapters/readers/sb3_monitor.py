"""Stable-Baselines3's Monitor files (monitor.csv, 0.monitor.csv, ...): return, length and time of every episode."""

from __future__ import annotations

import numpy as np

from ppo_doctor.adapters.format import Format, To
from ppo_doctor.adapters.table import Column, Table
from ppo_doctor.adapters.windows import windows

LEAST_WINDOWS = 60
CAVEAT = "mean over consecutive episodes of the training policy; its steps are the sum of the episodes' lengths"


def prepare(tables: list[Table]) -> Table:
    """All environments' episodes in the order of their end, in windows of equally many, at the steps taken by then."""
    parts = []
    for table in tables:
        r, length, t = (table.columns.get(name) for name in ("r", "l", "t"))
        if r is None or length is None:
            continue
        rows = np.intersect1d(r.row, length.row)
        when = rows if t is None else np.interp(rows, t.row, np.nan_to_num(t.value))
        returns, lengths = r.value[np.isin(r.row, rows)], length.value[np.isin(length.row, rows)]
        parts.append(np.stack([when, returns, lengths])[:, : min(len(returns), len(lengths))])
    when, returns, lengths = np.concatenate(parts or [np.zeros((3, 0))], axis=1)
    order = np.argsort(when, kind="stable")
    taken = np.cumsum(np.clip(np.nan_to_num(lengths[order], posinf=0.0), 0.0, 1e9))
    steps, columns = windows(taken, {"r": returns[order], "l": lengths[order]}, LEAST_WINDOWS)
    notes = tuple(note for table in tables for note in table.notes)
    named = {name: Column(steps, value) for name, value in columns.items()}
    return Table(tables[0].path, tables[0].container, named, stepped=True, notes=notes)


FORMAT = Format(
    name="sb3_monitor",
    title="Stable-Baselines3's Monitor (monitor.csv)",
    marks=("r",),
    columns={"r": To("mean_ep_return", caveat=CAVEAT), "l": To("mean_ep_length", caveat=CAVEAT), "t": To("env_steps")},
    prepare=prepare,
    about="One row an episode. Episodes are averaged in windows of equally many, and the environment step is the sum of"
    " the lengths so far, over all Monitor files of the folder in the order of their clocks.",
)
