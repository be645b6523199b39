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


def hosted(kind: str, budget: int = 20_000, **switches: Any) -> Lab:
    """A lab for one of the environments of `broken`."""
    return Lab(Hosted(kind, getattr(broken, kind)(**switches)), budget)


@cache
def _lab(kind: str, switches: tuple[tuple[str, Any], ...]) -> Lab:
    return hosted(kind, **dict(switches))


@pytest.fixture
def measure() -> Callable[..., dict[str, float]]:
    """What some probes measured on an environment of `broken`, of which there is one lab: measure(kind, *probes)."""

    def run(kind: str, *chosen: str, **switches: Any) -> dict[str, float]:
        lab = _lab(kind, tuple(sorted(switches.items())))
        return {name: value for one in probes.run(lab, chosen) for name, value in one.signals.items()}

    return run
