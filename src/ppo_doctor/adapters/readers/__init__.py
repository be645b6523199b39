"""Open set: one log format a file, each with `FORMAT`: which columns the tool writes and what they mean.

A format says what differs from our definitions (sign, estimator, reduction), and the caveat travels with the series.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from ppo_doctor.adapters.format import Format
from ppo_doctor.adapters.table import Table


def names() -> list[str]:
    """Names of all formats, sorted."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


@cache
def load(name: str) -> Format:
    """The format `name`."""
    return importlib.import_module(f"{__name__}.{name}").FORMAT


def recognise(table: Table) -> Format | None:
    """The format with the most columns in `table`, among those that are marked as theirs."""
    return max((load(name) for name in names()), key=lambda one: one.fits(table)) if _any(table) else None


def _any(table: Table) -> bool:
    return any(load(name).fits(table) for name in names())
