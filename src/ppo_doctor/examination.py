"""From the words of a command line to examined runs: found, read, judged, in parallel processes where that pays."""

from __future__ import annotations

import json
import multiprocessing
import os
import warnings
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ppo_doctor import runs as runs_
from ppo_doctor.adapters import logs
from ppo_doctor.adapters.format import Format
from ppo_doctor.adapters.mapping import UnmappableError, from_toml
from ppo_doctor.diagnose.engine import Report, Settings
from ppo_doctor.diagnose.finding import SEVERITIES
from ppo_doctor.errors import UserError

WORTH = 1 << 23
"""Bytes of logs below which starting processes takes longer than reading in this one."""


@dataclass(frozen=True)
class Order:
    """What to examine, and how. Plain data: it travels to other processes."""

    source: logs.Source
    settings: Settings | None = None
    mapping: Path | None = None


@dataclass(frozen=True)
class Examined:
    """What came of one run. Plain data."""

    source: str
    text: str = ""
    """The whole report for people."""
    json: dict[str, Any] = field(default_factory=dict)
    severity: str | None = None
    """Of the gravest finding; None without findings."""
    findings: tuple[str, ...] = ()
    """Rules that fired, the gravest first."""
    likely: tuple[tuple[str, float], ...] = ()
    """Causes with their probabilities, most probable first; empty where causes are not ranked."""
    notes: tuple[str, ...] = ()
    """What was wrong with the files."""
    error: str = ""
    """Why the run could not be read; empty if it could."""
    template: str = ""
    """A mapping file to fill in, where nothing but a mapping is missing."""

    def fails(self, level: str) -> bool:
        """Whether a finding is at or above `level`."""
        return self.severity is not None and SEVERITIES.index(self.severity) >= SEVERITIES.index(level)  # pyright: ignore[reportArgumentType]


def sources(words: Iterable[str], root: Path) -> list[logs.Source]:
    """The runs that paths, or names below `root`, stand for. Raises `UserError`."""
    found: list[logs.Source] = []
    for word in words:
        try:
            path = Path(word)
            exists = word != "" and (path.exists() or path.is_symlink())
            found += logs.find(path if exists else runs_.find(word, root))
        except (OSError, ValueError) as error:  # a loop of links, a name too long, a NUL character
            raise UserError(f"cannot look at {word[:200]!r}: {getattr(error, 'strerror', None) or error}") from None
    return found


def report(order: Order) -> Report:
    """Read and judge one run in this process. Raises `UserError`."""
    from ppo_doctor.diagnose import differential

    run = logs.read(order.source, _mapping(order))
    if not run.all_series():  # settings alone say nothing of how a training went
        raise UserError(f"{order.source.path} holds no points yet")
    return differential.examine(run, order.settings)


def _mapping(order: Order) -> Format | None:
    return None if order.mapping is None else from_toml(order.mapping)


def examine(order: Order) -> Examined:
    """Read and judge one run; never raises for what is wrong with it."""
    from ppo_doctor.report import json as as_json
    from ppo_doctor.report import text

    name = str(order.source.path)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            found = report(order)
        except UnmappableError as error:
            return Examined(name, error=str(error), template=error.template)
        except UserError as error:
            return Examined(name, error=str(error))
    notes = (*found.run.meta.get("notes", ()), *(str(one.message) for one in said))
    read = {key: found.run.meta[key] for key in ("formats", "settings_from") if key in found.run.meta}
    plain = json.loads(as_json.render(found))
    plain["run"] |= {**read, "notes": list(notes)}
    return Examined(
        source=name,
        text=text.render(found),
        json=plain,
        severity=found.findings[0].severity if found.findings else None,
        findings=tuple(dict.fromkeys(one.rule for one in found.findings)),
        likely=tuple((one.cause.id, float(one.probability)) for one in found.causes),
        notes=notes,
    )


def every(orders: list[Order]) -> list[Examined]:
    """Each of `orders`, in their order; several large ones in parallel processes."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if min(len(orders), cores) < 2 or sum(order.source.size for order in orders) < WORTH:
        return [examine(order) for order in orders]
    context = multiprocessing.get_context("spawn")
    try:
        with ProcessPoolExecutor(min(len(orders), cores), context) as pool:
            return list(pool.map(examine, orders))
    except BrokenProcessPool:
        raise UserError("a process that read the logs was killed: too little memory? name fewer paths") from None
