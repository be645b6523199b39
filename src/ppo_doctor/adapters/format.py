"""Translation of a foreign log: which column is which signal, with what sign and factor, and what still differs."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ppo_doctor import signals
from ppo_doctor.adapters.table import Column, Table, joined
from ppo_doctor.run import Series

COUNTED = "the log has no environment steps: its rows are counted"
UNMEASURED = 0.2
"""NaNs between numbers that are more than this share of a column mean "not recorded"; a NaN tail is always kept."""


@dataclass(frozen=True)
class To:
    """What a column becomes: `signal` = `scale` * column, or of `change`(column)."""

    signal: str
    scale: float = 1.0
    caveat: str | None = None
    """How the recorded quantity departs from the signal's definition."""
    change: Callable[[np.ndarray], np.ndarray] | None = None


@dataclass(frozen=True, eq=False)
class Format:
    """How one tool writes its logs."""

    name: str
    """The file name of the reader."""
    title: str
    """The tool and its container, for people."""
    marks: tuple[str, ...]
    """Columns that only this tool writes, with wildcards; one is enough."""
    columns: Mapping[str, To]
    """Column -> signal. A `*` in the column fills the placeholder of a family."""
    steps: tuple[str, ...] = ()
    """Columns that count environment steps, best first; not needed where rows are steps."""
    ignored: tuple[str, ...] = ()
    """Columns, with wildcards, that are understood and say nothing here: clocks, hosts."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Name of a hyper-parameter, without its path -> scalar signal."""
    prepare: Callable[[list[Table]], Table] = joined
    """Makes one table of all files of a run in this format."""
    derive: Callable[[Table, Mapping[str, Series]], Mapping[str, Series | float | str]] | None = None
    """Signals that follow from several columns."""
    about: str = ""
    """What the numbers of this tool are, where they are not ours, for docs/logs.md."""

    def fits(self, table: Table) -> int:
        """How many columns of `table` are this format's; 0 unless one of its marks is there."""
        marked = any(_matches(mark, name) for mark in self.marks for name in table.columns)
        return sum(self.target(name) is not None for name in table.columns) + 1 if marked else 0

    def target(self, column: str) -> To | None:
        """What `column` becomes; None if it is not known."""
        if column in self.columns:
            return self.columns[column]
        for pattern, to in self.columns.items():
            if "*" in pattern and (found := re.fullmatch(re.escape(pattern).replace(r"\*", "(.+)"), column)):
                return replace(to, signal=re.sub(r"<\w+>", lambda _, one=found: one[1], to.signal))
        return None


@dataclass(frozen=True, eq=False)
class Translation:
    """A table in terms of the vocabulary."""

    format: str
    series: Mapping[str, Series]
    scalars: Mapping[str, float | str]
    unmapped: tuple[str, ...]
    notes: tuple[str, ...]


def translate(tables: list[Table], one: Format) -> Translation:
    """All tables of a run that are in one format, as signals. Points whose step is no number are left out."""
    table = one.prepare(tables)
    step = next((table.columns[name] for name in one.steps if name in table.columns), None)
    series: dict[str, Series] = {}
    unmapped = []
    for name, column in table.columns.items():
        to = one.target(name)
        if to is None:
            if name not in one.steps and not any(_matches(pattern, name) for pattern in one.ignored):
                unmapped.append(name)
        elif len(found := _series(name, column, to, step, table)) and len(found) > len(series.get(found.name, ())):
            series[found.name] = found
    derived = dict(one.derive(table, series)) if one.derive else {}
    series |= {name: value for name, value in derived.items() if isinstance(value, Series)}
    scalars = {name: value for name, value in derived.items() if not isinstance(value, Series)}
    unmapped += [name for name in table.words if not _known_word(name, one)]
    return Translation(one.name, series, scalars, tuple(unmapped), table.notes)


def _known_word(name: str, one: Format) -> bool:
    return name.rpartition("/")[2] in one.settings or any(_matches(pattern, name) for pattern in one.ignored)


def _matches(pattern: str, name: str) -> bool:
    return fnmatch.fnmatchcase(name, pattern) if "*" in pattern else pattern == name


def _series(name: str, column: Column, to: To, step: Column | None, table: Table) -> Series:
    """One column as a series, sorted by step; equal steps keep their order."""
    row, value = (column.row, column.value) if table.stepped else _recorded(column)
    caveats = [to.caveat] if to.caveat else []
    if not table.stepped and step is None:
        caveats.append(COUNTED)
    if column.stride > 1:
        caveats.append(f"one point in {column.stride} was kept")
    steps, good = (row, np.ones(len(row), bool)) if table.stepped or step is None else steps_at(row, step)
    order = np.argsort(steps[good], kind="stable")
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        value = value if to.change is None else to.change(value)
        value = value[good][order] * to.scale
    return Series(to.signal, steps[good][order], value, name, "; ".join(caveats) or None)


def _recorded(column: Column) -> tuple[np.ndarray, np.ndarray]:
    """Rows and values without the NaNs that stand for "not recorded"."""
    missing = np.isnan(column.value)
    last = int(np.max(np.flatnonzero(~missing), initial=-1))
    missing[last + 1 :] = False
    if last < 0 or missing[: last + 1].mean() <= UNMEASURED:
        return column.row, column.value
    return column.row[~missing], column.value[~missing]


def steps_at(row: np.ndarray, step: Column) -> tuple[np.ndarray, np.ndarray]:
    """Environment step [n] of each row [n] and whether it is known: where a row has none, that of the row before."""
    good = np.isfinite(step.value) & (np.abs(step.value) < 2.0**62)
    if not good.any():
        return np.zeros(len(row), np.int64), np.zeros(len(row), bool)
    at = np.searchsorted(step.row[good], row, side="right") - 1
    return step.value[good].astype(np.int64)[np.maximum(at, 0)], at >= 0


def settings_of(found: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, float | str]:
    """Hyper-parameters (name with its path -> number or word) as scalar signals; schedules set their start and end."""
    known: dict[str, float | str] = {}
    for path, value in found.items():
        signal = names.get(path) or names.get(path.rpartition("/")[2])
        if signal is None:
            continue
        if signal.endswith("_start"):
            known |= _schedule(signal, value)
        elif signals.lookup(signal).kind == "text":
            known |= {signal: value} if isinstance(value, str) else {}
        elif (number := as_number(value)) is not None:
            known[signal] = number
    return known


def _schedule(signal: str, value: Any) -> dict[str, float]:
    """A constant, or the Zoo's `lin_0.001`, which falls to zero."""
    linear = isinstance(value, str) and value.startswith("lin_")
    number = as_number(value.removeprefix("lin_") if linear else value)
    if number is None:
        return {}
    return {signal: number, signal.removesuffix("_start") + "_end": 0.0 if linear else number}


def as_number(value: Any) -> float | None:
    """A finite number, a truth value, or text that is one; else None."""
    if isinstance(value, str) and value.strip().lower() in ("true", "false"):
        return float(value.strip().lower() == "true")
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if np.isfinite(number) else None
