"""Open set: one experiment a file, each with `measure(lab) -> Found`; the file name is the probe's name.

A probe measures and never judges: rules do that. What it measures are scalar signals of the vocabulary; a number that
cannot be had is left out and a note says why. A probe with nothing to measure raises `Cannot`.
"""

from __future__ import annotations

import importlib
import pkgutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ppo_doctor.errors import UserError

if TYPE_CHECKING:
    from ppo_doctor.train.lab import Lab


@dataclass(frozen=True)
class Found:
    """What a probe measured."""

    signals: dict[str, float]
    """By name in the vocabulary, all finite."""
    notes: tuple[str, ...] = ()
    """What the numbers do not say: which feature, which action, what was left out and why."""


@dataclass(frozen=True)
class Result:
    """One probe's answer and its cost. What several probes share is charged to the first that asks for it."""

    probe: str
    steps: int
    seconds: float
    signals: dict[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    reason: str = ""
    """Why nothing was measured; empty if something was."""


def names() -> list[str]:
    """Names of all probes, sorted. Imports none of them."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def load(name: str) -> Any:
    """The module of probe `name`."""
    return importlib.import_module(f"{__name__}.{name}")


def run(lab: Lab, chosen: Sequence[str] | None = None) -> Iterator[Result]:
    """Run the probes one by one (all by default). An environment that fails under one of them costs that one only."""
    from ppo_doctor.train.lab import Cannot

    for name in names() if chosen is None else chosen:
        begun, before = time.perf_counter(), lab.world.steps
        found, reason = Found({}), ""
        try:
            found = load(name).measure(lab)
        except (Cannot, UserError) as why:
            reason = str(why)
        spent = lab.world.steps - before, time.perf_counter() - begun
        yield Result(name, *spent, {k: float(v) for k, v in found.signals.items()}, found.notes, reason)
