"""What a container of numbers gives: columns by name, each with the rows it was written in. No meaning yet."""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

MOST_POINTS = 1 << 16
"""Points kept of a column, up to twice as many; of longer ones every second is dropped, as often as needed."""
MOST_COLUMNS = 10_000
"""More columns than this are no log of a training."""


@dataclass(frozen=True, eq=False)
class Column:
    """The numbers of one column."""

    row: np.ndarray
    """[n] int64: row of the table, or the environment step where the table is `stepped`."""
    value: np.ndarray
    """[n] float64; an empty cell is no entry, a NaN is one."""
    stride: int = 1
    """One point in so many was kept."""


@dataclass(frozen=True, eq=False)
class Table:
    """A file as columns."""

    path: Path
    container: str
    columns: Mapping[str, Column]
    stepped: bool = False
    """Rows are steps, as in event files."""
    words: Mapping[str, str] = field(default_factory=dict)
    """Last text of columns that hold text."""
    notes: tuple[str, ...] = ()
    """What was wrong with the file, for the report."""

    def with_columns(self, columns: Mapping[str, Column]) -> Table:
        """The same table with these columns instead."""
        return replace(self, columns=columns)


class Growing:
    """A column while it is read. Memory is bounded: a long one is thinned, non-finite values never."""

    def __init__(self) -> None:
        self._row, self._value, self._stride, self._seen = array("q"), array("d"), 1, 0

    def add(self, row: int, value: float) -> None:
        """Append one cell."""
        if self._stride == 1 or self._seen % self._stride == 0 or value - value != 0.0:
            self._row.append(row)
            self._value.append(value)
        self._seen += 1
        if len(self._row) >= 2 * MOST_POINTS:
            self._thin()

    def extend(self, rows: Sequence[int], values: list[float]) -> None:
        """Append many cells."""
        if not math.isfinite(sum(values)):  # a NaN is kept whatever the stride
            for row, value in zip(rows, values, strict=True):
                self.add(row, value)
            return
        first = -self._seen % self._stride
        self._row.extend(rows[first :: self._stride])
        self._value.extend(values[first :: self._stride])
        self._seen += len(values)
        if len(self._row) >= 2 * MOST_POINTS:
            self._thin()

    def done(self, stride: int = 1) -> Column:
        """The column, of a table of which one row in `stride` was read."""
        return Column(np.array(self._row, np.int64), np.array(self._value, np.float64), self._stride * stride)

    def _thin(self) -> None:
        value = np.array(self._value)
        keep = (np.arange(len(value)) % 2 == 0) | ~np.isfinite(value)
        if keep.all():
            keep = np.arange(len(value)) % 2 == 0  # nothing but NaN: half of it says as much
        self._row = array("q", np.array(self._row)[keep].tobytes())
        self._value = array("d", value[keep].tobytes())
        self._stride *= 2


def joined(tables: list[Table]) -> Table:
    """Several tables of one container and one format as one: rows follow each other, steps stay as they are."""
    first = tables[0]
    if len(tables) == 1:
        return first
    parts: dict[str, list[Column]] = {}
    offset = 0
    for table in tables:
        for name, column in table.columns.items():
            parts.setdefault(name, []).append(Column(column.row + offset, column.value, column.stride))
        if not table.stepped:
            offset += 1 + max((int(one.row[-1]) for one in table.columns.values() if len(one.row)), default=0)
    columns = {
        name: Column(
            np.concatenate([one.row for one in several]),
            np.concatenate([one.value for one in several]),
            max(one.stride for one in several),
        )
        for name, several in parts.items()
    }
    words = {name: word for table in tables for name, word in table.words.items()}
    notes = tuple(note for table in tables for note in table.notes)
    return Table(first.path, first.container, columns, first.stepped, words, notes)
