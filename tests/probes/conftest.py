"""Labs that tests share."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from ppo_doctor.testing import broken
from ppo_doctor.train import probes
from ppo_doctor.train.hosted import Hosted
from ppo_doctor.train.lab import Lab

Measure = Callable[..., dict[str, float]]


def hosted(kind: str, budget: int = 40_000, **switches: Any) -> Lab:
    """A lab for one of the environments of `broken`."""
    return Lab(Hosted(kind, getattr(broken, kind)(**switches)), budget)


@cache
def _results(kind: str, switches: tuple[tuple[str, Any], ...]) -> dict[str, probes.Result]:
    return {one.probe: one for one in probes.run(hosted(kind, **dict(switches)))}


@pytest.fixture
def results() -> Callable[..., dict[str, probes.Result]]:
    """Every probe's result on an environment of `broken`, made once."""
    return lambda kind, **switches: _results(kind, tuple(sorted(switches.items())))


@pytest.fixture
def found(results: Any) -> Measure:
    """Every signal measured on an environment of `broken`."""
    return lambda kind, **switches: {
        name: value for one in results(kind, **switches).values() for name, value in one.signals.items()
    }
