"""Open set: one command a file, each with a function `command`; the file name is the command's name.

Arguments come from the signature, help from the docstring. What is slow to import is imported inside the function.
A command returns the exit status, None for 0, and raises `UserError` for a mistake of the user.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from typing import Any


def names() -> list[str]:
    """Names of all commands, sorted."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def load(name: str) -> Callable[..., Any]:
    """The function of command `name`."""
    return importlib.import_module(f"{__name__}.{name}").command
