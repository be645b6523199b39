"""From a path to runs: which files belong together, what format they are in, and one `Run` of them all."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ppo_doctor import store
from ppo_doctor.adapters import beside, readers, tables
from ppo_doctor.adapters.format import Format, Translation, settings_of, translate
from ppo_doctor.adapters.mapping import unmappable
from ppo_doctor.adapters.table import Column, Table
from ppo_doctor.errors import UserError
from ppo_doctor.run import Run, Series, Value

LOG_NAMES = re.compile(r".*\.(csv|tsv|jsonl|ndjson|txt|log|out|npz)(\.gz)?|.*tfevents.*|(result|progress)\.json(\.gz)?")
"""Names of files that may be logs, in a folder; a file that is named itself is always tried."""
MOST_FILES = 20_000
DEEPEST = 8
"""Folders below the one that was named."""
SCALARS = "scalars"
"""TorchRL's folder of one CSV a scalar."""


@dataclass(frozen=True)
class Source:
    """What one run is read from."""

    path: Path
    files: tuple[Path, ...] = ()
    """Log files; empty for a run directory of our own."""

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.stat().st_size for file in self.files if file.exists())


def find(path: Path) -> list[Source]:
    """The runs at `path`: a file is one; a folder is one, or as many as have logs below it. Raises `UserError`."""
    if not path.is_dir():
        return [Source(path, (path,))]
    found: dict[Path, list[Path]] = {}
    count = 0
    for folder, below, names in os.walk(path):
        here = Path(folder)
        below.sort(key=_natural)
        if len(here.relative_to(path).parts) >= DEEPEST:
            below.clear()
        if "run.json" in names:
            found[here] = []
            below.clear()
            continue
        logs = [here / name for name in sorted(names, key=_natural) if _may_be_log(here / name)]
        count += len(logs)
        if count > MOST_FILES:
            raise UserError(f"{path} holds more than {MOST_FILES} files: name the folders of the runs")
        if logs:
            found.setdefault(_home(here), []).extend(logs)
    sources = [Source(home, tuple(files)) for home, files in found.items()]
    if not sources:
        raise UserError(f"{path} holds no log: no CSV, JSON lines, TensorBoard events, monitor file or run directory")
    return _one_if_one(path, sources)


def _one_if_one(path: Path, sources: list[Source]) -> list[Source]:
    """A folder with logs of its own and a single folder of logs below is one run, as SB3 with TensorBoard makes it."""
    if len(sources) == 2 and sources[0].path == path and all(one.files for one in sources):
        return [Source(path, sources[0].files + sources[1].files)]
    return sources


def _may_be_log(path: Path) -> bool:
    return bool(LOG_NAMES.fullmatch(path.name.lower())) and path.is_file()


def _home(folder: Path) -> Path:
    """The run's folder: the one that holds `scalars/` for TorchRL's, else the folder itself."""
    parts = folder.parts
    return Path(*parts[: parts.index(SCALARS)]) if SCALARS in parts[1:] else folder


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name)]


def read(source: Source, mapping: Format | None = None) -> Run:
    """The run of one source. Raises `UserError`; `UnmappableError`, with a template, if its columns are not known."""
    if not source.files:
        return store.load(source.path)
    found, refused = _tables(source)
    by_format, unknown = _by_format(found, mapping)
    if not by_format:
        if not found:
            raise UserError(refused[0])
        raise unmappable(found)
    parts = [translate(several, one) for (one, _), several in by_format.items()]
    parts.sort(key=lambda part: -sum(map(len, part.series.values())))
    if not any(part.series for part in parts):
        raise UserError(f"{source.path} holds no points yet")
    notes = [*refused, *(f"{table.path.name}: of no known format: left out" for table in unknown)]
    return _merged(source, parts, [one for one, _ in by_format], _words(found), notes)


Key = tuple[Format, str]


def _by_format(found: list[Table], mapping: Format | None) -> tuple[dict[Key, list[Table]], list[Table]]:
    """Tables that belong together, by format and container; and those of no known format."""
    together: dict[Key, list[Table]] = {}
    unknown = []
    for table in found:
        one = mapping if mapping is not None and mapping.fits(table) else readers.recognise(table)
        if one is None:
            unknown.append(table)
        else:
            together.setdefault((one, table.container), []).append(table)
    return together, unknown


def _tables(source: Source) -> tuple[list[Table], list[str]]:
    """Every table that can be read, and why others cannot. One bad file does not spoil a folder."""
    found: list[Table] = []
    refused: list[str] = []
    alone = source.path in source.files
    scalars: list[Table] = []
    for file in source.files:
        if not alone and tables.container(file) is None:
            continue
        try:
            table = tables.read(file)
        except UserError as error:
            if alone:
                raise
            refused.append(str(error))
            continue
        (scalars if SCALARS in file.parts and set(table.columns) == {"0", "1"} else found).append(table)
    if scalars:
        found.append(_torchrl(scalars))
    if not found and not refused:
        refused.append(f"{source.path} holds no log that can be read")
    return found, refused


def _torchrl(several: list[Table]) -> Table:
    """TorchRL's files of (step, value) without header as one table, a column named by its path below `scalars/`."""
    columns = {}
    for table in several:
        parts = table.path.with_suffix("").parts
        step, value = table.columns["0"], table.columns["1"]
        count = min(len(step.value), len(value.value))
        steps = [int(one) if abs(one) < 2.0**62 else 0 for one in step.value[:count].tolist()]
        grown = Column(step.row[:count] * 0 + steps, value.value[:count], value.stride)
        columns["/".join(parts[parts.index(SCALARS) + 1 :])] = grown
    return Table(several[0].path, "scalars", columns, stepped=True)


def _words(found: list[Table]) -> dict[str, str]:
    return {name: word for table in found for name, word in table.words.items()}


def _merged(
    source: Source, parts: list[Translation], formats: list[Format], words: Mapping[str, str], notes: list[str]
) -> Run:
    """One run: the fullest translation first, the others where it has nothing; settings from beside the log."""
    named: dict[str, Series | Value] = {}
    for part in parts:
        named = {**part.series, **named}
    folder = source.path if source.path.is_dir() else source.path.parent
    known, where = beside.settings(folder)
    known = {**known, **beside.written_in_log(words)}
    scalars: dict[str, float | str] = {}
    for one in formats:
        scalars |= settings_of(known, one.settings)
    derived = {name: value for part in reversed(parts) for name, value in part.scalars.items()}
    meta = {
        "formats": [part.format for part in parts],
        "files": [str(file) for file in source.files],
        "settings_from": where,
        "notes": [*(note for part in parts for note in part.notes), *notes],
    }
    unmapped = tuple(dict.fromkeys(name for part in parts for name in part.unmapped))
    return Run(str(source.path), {**derived, **scalars, **named}, meta, unmapped)
