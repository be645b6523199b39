"""Open set: one container of numbers a file. A container knows columns and rows, and nothing of what they mean.

Each file has `recognises(name, head)`, which tells from a file's name and its first bytes whether it holds this
container, and `read(path)`, which returns the table. Recognition is exclusive.
"""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

from ppo_doctor.adapters import opening
from ppo_doctor.adapters.table import Table
from ppo_doctor.errors import UserError


def names() -> list[str]:
    """Names of all containers, sorted."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def container(path: Path) -> str | None:
    """Name of the container that `path` holds; None if it is none of ours. Raises `UserError` if it is unreadable."""
    head = opening.head(path)
    name = path.name.lower().removesuffix(".gz")
    return next((one for one in names() if _module(one).recognises(name, head)), None)


def read(path: Path) -> Table:
    """The table in `path`. Raises `UserError`."""
    found = container(path)
    if found is None:
        empty = (
            "it is empty" if not opening.head(path, 1) else "neither CSV, JSON lines, TensorBoard events nor a table"
        )
        raise UserError(f"{path} is not a log that can be read: {empty}")
    table = _module(found).read(path)
    if not table.columns:
        raise UserError(f"{path} holds no numbers yet")
    return table


def _module(name: str):  # a module with the two functions above
    return importlib.import_module(f"{__name__}.{name}")
