"""What a rule says: evidence as data, what it means, what to do. Sentences with numbers derive from evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from ppo_doctor import signals
from ppo_doctor.run import Series

Severity = Literal["info", "warning", "critical"]
SEVERITIES: tuple[Severity, ...] = ("info", "warning", "critical")
"""From mild to grave."""


@dataclass(frozen=True)
class Evidence:
    """One observed number and what it was held against."""

    signal: str
    """Name in the vocabulary."""
    observed: float
    """In `unit`."""
    reduced: str
    """How the signal became this number, such as "largest" or "median of the last quarter"."""
    relation: Literal["", ">", ">=", "<", "<=", "="] = ""
    """How `observed` stands to `limit`; empty where the number is only context."""
    limit: float | None = None
    unit: str = ""
    steps: tuple[int, int] | None = None
    """First and last environment step of the points that count."""
    n: int = 0
    """Points that count."""
    total: int = 0
    """Points looked at."""
    caveat: str | None = None
    """How the recorded quantity departs from our definition."""

    def sentence(self) -> str:
        """The evidence in words, caveat included."""
        unit = "" if self.unit in ("", "1", "share", "0/1", "name") else f" {self.unit}"
        text = (
            f"{self.signal}: {self.reduced} {self.observed:.4g}{unit}"
            if self.reduced
            else f"{self.signal} {self.observed:.4g}{unit}"
        )
        if self.limit is not None:
            text += f" {self.relation} {self.limit:.4g}"
        if self.total:
            text += f", {self.n} of {self.total} points ({self.n / self.total:.0%})"
        if self.steps is not None:
            first, last = self.steps
            text += f", step {first}" if first == last else f", steps {first} to {last}"
        return text + (f" [{self.caveat}]" if self.caveat else "")


def seen(
    series: Series,
    observed: float,
    reduced: str,
    relation: Literal["", ">", ">=", "<", "<=", "="] = "",
    limit: float | None = None,
    hits: np.ndarray | None = None,
) -> Evidence:
    """Evidence from a series, of whose points `hits` [n] count (all by default); unit and caveat come with it."""
    hits = np.ones(len(series), bool) if hits is None else hits
    steps = series.step[hits]
    return Evidence(
        signal=series.name,
        observed=float(observed),
        reduced=reduced,
        relation=relation,
        limit=limit,
        unit=signals.lookup(series.name).unit,
        steps=(int(steps[0]), int(steps[-1])) if len(steps) else None,
        n=int(hits.sum()),
        total=len(series),
        caveat=series.caveat,
    )


def given(
    name: str, value: float, relation: Literal["", ">", ">=", "<", "<=", "="] = "", limit: float | None = None
) -> Evidence:
    """Evidence from a scalar signal of the run."""
    return Evidence(name, float(value), "", relation, limit, signals.lookup(name).unit)


@dataclass(frozen=True)
class Remedy:
    """One thing to do; a finding orders them cheapest first: "if that does not help, ..."."""

    do: str
    because: str
    confirm: str | None = None
    """Probe to run before believing this, or None."""
    verify: str = ""
    """Which signal should move, and how, if it helped."""
    change: Mapping[str, str] = field(default_factory=dict)
    """Setting -> change, such as {"learning_rate": "x0.5"}."""


@dataclass(frozen=True)
class Finding:
    """One thing wrong. The rule's name, code and severity are filled in by the rule that returns it."""

    meaning: str
    """What it means, in words; numbers belong into `evidence`."""
    evidence: tuple[Evidence, ...]
    remedies: tuple[Remedy, ...]
    rule: str = ""
    code: str = ""
    severity: Severity | None = None
