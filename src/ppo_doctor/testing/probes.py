"""Conformance suite of probes: what every probe must satisfy, each law a function that raises `AssertionError`.

@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_my_probe(law): law(my_probe_module)
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from types import ModuleType
from typing import Any

from ppo_doctor import signals
from ppo_doctor.errors import UserError
from ppo_doctor.testing import broken
from ppo_doctor.train.hosted import Hosted
from ppo_doctor.train.lab import Cannot, Lab

Law = Callable[[ModuleType], None]
BUDGET = 10_000
"""Environment steps of a lab in these laws."""


def lab(kind: str = "Signs", **switches: Any) -> Lab:
    """A small lab for one of the environments of `broken`."""
    return Lab(Hosted(kind, getattr(broken, kind)(**switches)), BUDGET)


@cache
def subjects() -> tuple[Lab, ...]:
    """Labs that all probes share, as in a check; the first two are equal."""
    return lab(), lab(), lab("Doors"), lab(pay=0.0), lab(steps=1)


def is_documented(probe: ModuleType) -> None:
    """The page says what is measured, what it costs and when it is wrong, and names every signal it may return."""
    page = probe.__doc__ or ""
    for heading in ("Cost:", "Wrong when:"):
        assert heading in page, f"{probe.__name__}: its page has no {heading!r}"
    assert "?" in page.splitlines()[0], f"{probe.__name__}: its first line asks no question"


def measures_signals_of_the_vocabulary(probe: ModuleType) -> None:
    """Every result is a finite scalar of the vocabulary, or a reason for having none."""
    for subject in subjects()[1:]:
        found, reason = _measured(probe, subject)
        assert found or reason, f"{probe.__name__} measured nothing and says no reason"
        for name, value in found.items():
            assert signals.lookup(name).kind == "scalar", f"{name} is no scalar"
            assert math.isfinite(value), f"{probe.__name__}: {name} is {value}"


def _measured(probe: ModuleType, subject: Lab) -> tuple[dict[str, float], str]:
    """(signals, reason or notes)."""
    try:
        found = probe.measure(subject)
    except Cannot as why:
        return {}, str(why)
    return found.signals, " ".join(found.notes)


def repeats_itself(probe: ModuleType) -> None:
    """Two equal labs, the same numbers."""
    first, again = (_measured(probe, subject) for subject in subjects()[:2])
    assert first == again, f"{probe.__name__} says {first}, then {again}"


def fails_in_one_line(probe: ModuleType) -> None:
    """An environment that raises costs a `UserError` or `Cannot`, never another exception."""
    said = ""
    try:
        probe.measure(lab("Raises"))
    except (UserError, Cannot) as error:
        said = str(error)
    assert "\n" not in said


LAWS: tuple[Law, ...] = (is_documented, measures_signals_of_the_vocabulary, repeats_itself, fails_in_one_line)
