"""What trainers print: boxes of "| name | value |" (Stable-Baselines 2 and 3), and blocks of "Name: value"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ppo_doctor.adapters import opening
from ppo_doctor.adapters.table import MOST_COLUMNS, Growing, Table
from ppo_doctor.adapters.tables.csv import number
from ppo_doctor.errors import UserError

RULE = re.compile(r"\s*[-=+]{5,}.*")
"""A line that begins or ends a block."""
CELL = re.compile(r"\|\s*([^|]+?)\s*\|\s*([^|]*?)\s*\|")
PAIR = re.compile(r"\s*([A-Za-z][\w ./-]{1,60}?)\s*:\s*(\S+)\s*")


def recognises(name: str, head: bytes) -> bool:
    """Text with a box or a rule near its top."""
    if not name.endswith((".txt", ".log", ".out")) or b"\0" in head:
        return False
    some = head.decode("utf-8", "replace").splitlines()[:100]
    return any(RULE.fullmatch(line) for line in some) and any(
        CELL.search(line) or PAIR.fullmatch(line) for line in some
    )


def read(path: Path) -> Table:
    """One row a block. A box's section, as "| rollout/ | |", goes before the names below it. Raises `UserError`."""
    columns: dict[str, Growing] = {}
    for row, block in enumerate(_blocks(path)):
        for name, value in block.items():
            if name not in columns and len(columns) >= MOST_COLUMNS:
                raise UserError(f"{path}: more than {MOST_COLUMNS} names: not the log of a training")
            columns.setdefault(name, Growing()).add(row, value)
    return Table(path, "console", {name: grown.done() for name, grown in columns.items()})


def _blocks(path: Path) -> Iterator[dict[str, float]]:
    block: dict[str, float] = {}
    section = ""
    for line in opening.lines(path):
        if RULE.fullmatch(line.rstrip("\r\n")):
            if block:
                yield block
            block, section = {}, ""
        elif found := CELL.search(line) or PAIR.fullmatch(line):
            name, cell = found[1], found[2]
            if name.endswith("/") and not cell:
                section = name
                continue
            try:
                value = number(cell)
            except ValueError:
                continue
            if value is not None:
                block[section + name] = value
    if block:
        yield block
