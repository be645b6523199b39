"""A run's signals in the formats of other tools."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

import numpy as np

from ppo_doctor import jsonl
from ppo_doctor.errors import UserError
from ppo_doctor.run import Run


def to_csv(run: Run, path: Path) -> None:
    """One row an update, one column a signal, named as in the vocabulary (and in the case studies where they have a
    name); empty where a signal was not recorded. Raises `UserError` if the file cannot be written."""
    columns = run.all_series()
    steps = np.unique(np.concatenate([series.step for series in columns.values()] or [np.zeros(0, int)]))
    cells = {
        name: dict(zip(series.step.tolist(), series.value.tolist(), strict=True)) for name, series in columns.items()
    }
    with jsonl.plain_errors(path, "write"):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["step", *columns])
            writer.writerows([step, *(cells[name].get(step, "") for name in columns)] for step in steps.tolist())


def to_tensorboard(run: Run, folder: Path) -> None:
    """One event file with every series as scalars. Raises `UserError` if tensorboard is missing or refuses."""
    try:
        from tensorboard.compat.proto.event_pb2 import Event  # pyright: ignore[reportAttributeAccessIssue]
        from tensorboard.compat.proto.summary_pb2 import Summary  # pyright: ignore[reportAttributeAccessIssue]
        from tensorboard.summary.writer.event_file_writer import EventFileWriter
    except ModuleNotFoundError:
        raise UserError("--tensorboard needs tensorboard: pip install 'ppo-doctor[tensorboard]'") from None
    created = run.meta.get("created")
    begun = datetime.fromisoformat(created).timestamp() if created else 0.0
    points = [
        (int(step), name, float(value))
        for name, series in run.all_series().items()
        for step, value in zip(series.step, series.value, strict=True)
    ]
    with jsonl.plain_errors(folder, "write"):
        writer = EventFileWriter(str(folder))
        for step, name, value in sorted(points):
            summary = Summary(value=[Summary.Value(tag=name, simple_value=value)])
            writer.add_event(Event(wall_time=begun, step=step, summary=summary))
        writer.close()
