"""JSON lines: one object a row, nested names joined by "/". Also one object or list of objects over many lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ppo_doctor.adapters import opening
from ppo_doctor.adapters.table import MOST_COLUMNS, Growing, Table
from ppo_doctor.errors import UserError

MOST_DEPTH = 8
"""Deeper objects are not looked into."""
LARGEST_DOCUMENT = 1 << 26
"""Bytes of a file that is one JSON document rather than one a line."""


def recognises(name: str, head: bytes) -> bool:
    """A file called so, or text that begins with an object."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    named = name.endswith((".json", ".jsonl", ".ndjson"))
    return start[:1] in (b"{", b"[") and (named or name.endswith((".txt", ".log")))


def read(path: Path) -> Table:
    """The table; lines that are no object are counted in a note. Raises `UserError` if there is no object at all."""
    columns: dict[str, Growing] = {}
    words: dict[str, str] = {}
    bad = row = 0
    for entry in _entries(path):
        if entry is None:
            bad += 1
            continue
        for name, value in flat(entry):
            if isinstance(value, str):
                words[name] = value[:1000]
                continue
            if name not in columns and len(columns) >= MOST_COLUMNS:
                raise UserError(f"{path}: more than {MOST_COLUMNS} names: not the log of a training")
            columns.setdefault(name, Growing()).add(row, value)
        row += 1
    if not row:
        raise UserError(f"{path} holds no JSON object: not a log")
    notes = (f"{path.name}: {bad} lines are no JSON object: left out",) if bad else ()
    return Table(path, "jsonl", {name: grown.done() for name, grown in columns.items()}, words=words, notes=notes)


def flat(entry: dict[str, Any], prefix: str = "", depth: int = 0) -> Iterator[tuple[str, float | str]]:
    """(name, number or word) of every leaf; lists, nulls and what is too deep are left out."""
    for key, value in entry.items():
        if isinstance(value, dict) and depth < MOST_DEPTH:
            yield from flat(value, f"{prefix}{key}/", depth + 1)
        elif isinstance(value, str):
            yield prefix + key, value
        elif isinstance(value, bool | int | float):
            yield prefix + key, _float(value)


def _float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:  # an integer of hundreds of digits
        return float("inf") if value > 0 else float("-inf")


def _entries(path: Path) -> Iterator[dict[str, Any] | None]:
    source = opening.lines(path)
    first = next((line for line in source if line.strip()), "")
    whole = _object(first)
    if whole is None:
        yield from _document(path)
        return
    yield from _listed(whole)
    for line in source:
        if line.strip():
            entry = _object(line)
            yield entry if isinstance(entry, dict) else None


def _document(path: Path) -> Iterator[dict[str, Any] | None]:
    text = ""
    for line in opening.lines(path):
        text += line
        if len(text) > LARGEST_DOCUMENT:
            raise UserError(f"{path}: neither one JSON object a line nor a small document")
    whole = _object(text)
    if whole is None:
        raise UserError(f"{path} is not JSON, neither as a whole nor line by line")
    yield from _listed(whole)


def _listed(whole: Any) -> Iterator[dict[str, Any] | None]:
    for entry in whole if isinstance(whole, list) else [whole]:
        yield entry if isinstance(entry, dict) else None


def _object(text: str) -> Any:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict | list) else None
