"""Comma-separated values, and what passes for them: semicolons, tabs, decimal commas, repeated headers, ragged rows."""

from __future__ import annotations

import csv
import itertools
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from ppo_doctor.adapters import opening
from ppo_doctor.adapters.table import MOST_COLUMNS, Growing, Table
from ppo_doctor.errors import UserError

CELLS = 1 << 16
"""Cells converted at a time."""
MOST_ROWS = 1 << 17
"""Rows read of a file, about: of a longer one a random share is, so that sparse columns keep theirs."""
PACKED = 6
"""How much a gzip'd CSV usually grows."""
NOTHING = frozenset({"", "none", "null", "n/a", "na", "-"})
"""Cells that say that nothing was recorded."""
NONFINITE = re.compile(r"\b(nan|inf)", re.IGNORECASE)
TRUTH = {"true": 1.0, "false": 0.0}


def recognises(name: str, head: bytes) -> bool:
    """Text whose first line has a separator, or a file that is called so."""
    if name.endswith((".csv", ".tsv")):
        return bool(head)
    first = head.lstrip(b"\xef\xbb\xbf \t\r\n").partition(b"\n")[0]
    text = b"\0" not in head and first[:1] not in (b"{", b"[", b"|", b"-", b"=")
    return text and name.endswith((".txt", ".log", ".dat")) and any(mark in first for mark in (b",", b";", b"\t"))


def read(path: Path) -> Table:
    """The table. A line `#{...}` at the top, as SB3's Monitor writes it, is skipped; a last line without an end is left
    out, since its last number may be cut short. Raises `UserError`."""
    found, notes = Rows(path), []
    stride = _stride(path)
    try:
        for chunk in _chunks(path, found, stride):
            found.add(chunk)
    except csv.Error as error:
        notes.append(f"{path.name}: unreadable from row {found.count + 1} on ({error})")
    if found.unfinished:
        notes.append(f"{path.name}: the last line is not finished: left out")
    if found.ragged:
        notes.append(f"{path.name}: {found.ragged} rows have more or fewer cells than the header")
    columns = {name: column for name, grown in found.columns.items() if len((column := grown.done(stride)).row)}
    return Table(path, "csv", columns, words=found.words, notes=tuple(notes))


def _stride(path: Path) -> int:
    """One row in so many is read, from the size of the file and of its first rows."""
    head = opening.head(path, 1 << 16)
    rows = head.count(b"\n")
    if not rows or len(head) < 1 << 16:
        return 1
    growth = PACKED if path.suffix == ".gz" else 1
    return max(1, round(path.stat().st_size * growth * rows / len(head) / MOST_ROWS))


def _chunks(path: Path, found: Rows, stride: int) -> Iterator[list[list[str]]]:
    source = opening.lines(path)
    first = next((line for line in source if line.strip("\r\n\x00 \t") and not line.startswith("#")), "")
    separator = delimiter(first)
    found.decimal_comma = separator != ","
    found.begin(next(csv.reader([first], delimiter=separator), []))
    rows = csv.reader(_sampled(found.finished(source), stride), delimiter=separator)
    size = max(1, CELLS // max(1, len(found.columns)))
    while chunk := list(itertools.islice(rows, size)):
        yield chunk


def _sampled(source: Iterator[str], stride: int) -> Iterator[str]:
    """A random share of the lines, and the first `MOST_ROWS` of those with a NaN or infinity: they are evidence."""
    if stride == 1:
        yield from source
        return
    chance, spare = random.Random(0).random, MOST_ROWS
    for line in source:
        if chance() * stride < 1.0:
            yield line
        elif spare and ("n" in line or "N" in line) and NONFINITE.search(line):
            spare -= 1
            yield line


def delimiter(line: str) -> str:
    """The separator of a header: the most frequent of tab, semicolon and comma; the comma if there is none."""
    return max((",", ";", "\t"), key=line.count)


def number(cell: str, decimal_comma: bool = False) -> float | None:
    """The number in a cell; None if nothing was recorded. Raises `ValueError` for text."""
    cell = cell.strip().strip('"')
    if cell.lower() in NOTHING:
        return None
    if cell.lower() in TRUTH:
        return TRUTH[cell.lower()]
    if decimal_comma and "," in cell:
        cell = cell.replace(".", "").replace(",", ".")
    return float(cell)


class Rows:
    """The columns of a table while its rows are read."""

    def __init__(self, path: Path) -> None:
        self.columns: dict[str, Growing] = {}
        self.words: dict[str, str] = {}
        self.count = self.ragged = 0
        self.unfinished = ""
        self.decimal_comma = False
        self._path = path
        self._header: list[str] = []
        self._repeated: list[str] = []

    def begin(self, header: list[str]) -> None:
        """Take the names; a header of nothing but numbers is a first row, and columns are called 0, 1, ..."""
        if len(header) > MOST_COLUMNS:
            raise UserError(f"{self._path}: {len(header)} columns: not the log of a training")
        self._repeated = header
        numbers = bool(header) and all(_is_number(cell, self.decimal_comma) for cell in header)
        named = [name.strip().strip('"') for name in header]
        unnamed = [str(k) for k in range(len(header))]
        first = {name: k for k, name in reversed(list(enumerate(named))) if name}
        once = [name if first.get(name) == k else str(k) for k, name in enumerate(named)]
        self._header = unnamed if numbers else once
        self.columns = {name: Growing() for name in self._header}
        if numbers:
            self._repeated = []
            self.add([header])

    def finished(self, source: Iterator[str]) -> Iterator[str]:
        """The lines that end, without NUL characters; one that does not is kept in `unfinished`."""
        for line in source:
            if not line.endswith(("\n", "\r")):
                self.unfinished = line
                return
            yield line.replace("\0", "") if "\0" in line else line

    def add(self, chunk: list[list[str]]) -> None:
        """Append rows, skipping empty ones and repeated headers."""
        width = len(self._header)
        kept = [row for row in chunk if row and row != self._repeated]
        for k, row in enumerate(kept):
            if len(row) != width:
                self.ragged += 1
                kept[k] = (row + [""] * width)[:width]
        rows = range(self.count, self.count + len(kept))
        self.count += len(kept)
        for name, cells in zip(self._header, zip(*kept, strict=True), strict=False):
            self._add_cells(name, rows, cells)

    def _add_cells(self, name: str, rows: Sequence[int], cells: Sequence[str]) -> None:
        """Append the cells of one column that hold something."""
        if "" in cells:
            full = [k for k, cell in enumerate(cells) if cell]
            rows, cells = [rows[k] for k in full], [cells[k] for k in full]
        try:
            self.columns[name].extend(rows, list(map(float, cells)))
        except ValueError:
            self._slowly(name, rows, cells)

    def _slowly(self, name: str, rows: Sequence[int], cells: Sequence[str]) -> None:
        column = self.columns[name]
        for row, cell in zip(rows, cells, strict=True):
            try:
                value = number(cell, self.decimal_comma)
            except ValueError:
                self.words[name] = cell[:1000]
                continue
            if value is not None:
                column.add(row, value)


def _is_number(cell: str, decimal_comma: bool) -> bool:
    try:
        return number(cell, decimal_comma) is not None
    except ValueError:
        return False
