"""Counts of what the rules said under injected causes, and how probabilities follow from them.

    {"temperature": t, "cases": {cause: n}, "made_by": command,
     "counts": {cause: {rule: {"fired": n, "clean": n, "unknown": n}}}}

The fault benchmark writes the file; without it the causes' own expectations stand alone.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from ppo_doctor.errors import UserError

FILE = Path(__file__).with_name("calibration.json")
Verdict = Literal["fired", "clean", "unknown"]
VERDICTS: tuple[Verdict, ...] = ("fired", "clean", "unknown")
TEMPERATURE = 1.1
"""Divisor of the log-likelihoods where none was fitted: rules are less independent than naive Bayes believes."""
STRENGTH = 15.0
"""Cases that a cause's own expectation is worth against measured ones (the weight of the Dirichlet prior). Judging each
environment by the counts of the others, 15 has less log-loss than 5 or 10: many runs of one environment are alike."""

ENOUGH = 40.0
"""Most cases that counts are worth: many runs of few environments are alike, and prove less than as many others."""


def verdict(status: str) -> Verdict:
    """What a rule's status is as evidence: all but fired and clean are unknown."""
    return "fired" if status == "fired" else "clean" if status == "clean" else "unknown"


@dataclass(frozen=True)
class Calibration:
    """Measured outcomes of rules by cause."""

    temperature: float = TEMPERATURE
    cases: Mapping[str, int] = field(default_factory=dict)
    """Cause -> runs it was injected into."""
    counts: Mapping[str, Mapping[str, Mapping[str, int]]] = field(default_factory=dict)
    """Cause -> rule -> verdict -> runs."""
    made_by: str = ""

    def smoothed(self, cause: str, rule: str, expected: float) -> float:
        """Probability that `rule` fires under `cause`, if decided: counts on top of `STRENGTH` expected cases."""
        seen = self.counts.get(cause, {}).get(rule, {})
        return share(seen.get("fired", 0), seen.get("clean", 0), expected)

    def without(self, cause: str, statuses: Mapping[str, str]) -> Calibration:
        """The calibration less one case that it counts."""
        rows = {rule: dict(row) for rule, row in self.counts.get(cause, {}).items()}
        for rule, status in statuses.items():
            if rows.get(rule, {}).get(verdict(status), 0) > 0:
                rows[rule][verdict(status)] -= 1
        return dataclasses.replace(self, counts={**self.counts, cause: rows})

    def to_json(self) -> str:
        """The file's text; counts of zero are left out."""
        counts = {
            cause: {rule: {key: n for key, n in row.items() if n} for rule, row in rows.items()}
            for cause, rows in self.counts.items()
        }
        found = {"temperature": self.temperature, "cases": dict(self.cases), "made_by": self.made_by, "counts": counts}
        return json.dumps(found, sort_keys=True, separators=(",", ":")).replace("},", "},\n") + "\n"


def share(fired: int, clean: int, expected: float) -> float:
    """How often a rule fires: counts, `ENOUGH` at most, on top of `STRENGTH` expected cases."""
    worth = min(1.0, ENOUGH / max(fired + clean, 1))
    return (worth * fired + STRENGTH * expected) / (worth * (fired + clean) + STRENGTH)


def tally(cases: Iterable[tuple[str, Mapping[str, str]]], made_by: str = "") -> Calibration:
    """Counts from (true cause, rule -> status) of many runs; the temperature is yet to be fitted."""
    totals: Counter[str] = Counter()
    counts: dict[str, dict[str, dict[str, int]]] = {}
    for cause, statuses in cases:
        totals[cause] += 1
        for rule, status in statuses.items():
            row = counts.setdefault(cause, {}).setdefault(rule, dict.fromkeys(VERDICTS, 0))
            row[verdict(status)] += 1
    return Calibration(cases=dict(totals), counts=counts, made_by=made_by)


def log_loss(probabilities: Iterable[float]) -> float:
    """Mean of -log of the probabilities given to the true causes [nats]; those are floored at 1e-6."""
    losses = [-math.log(max(one, 1e-6)) for one in probabilities]
    return sum(losses) / len(losses) if losses else math.nan


def load(path: Path | str = FILE) -> Calibration:
    """The calibration in `path`; an empty one without a file. Raises `UserError` for anything else in it."""
    path = Path(path)
    if not path.exists():
        return Calibration()
    try:
        return _checked(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise UserError(f"{path} is no calibration of causes: {error}; make it anew or delete it") from None


def _checked(found: Any) -> Calibration:
    if not isinstance(found, dict):
        raise TypeError("not a JSON object")
    temperature = found.get("temperature", TEMPERATURE)
    if isinstance(temperature, bool) or not isinstance(temperature, int | float) or not 0.05 <= temperature <= 100.0:
        raise ValueError(f"temperature {temperature!r} is no number in [0.05, 100]")
    cases = {str(cause): _count(n) for cause, n in _table(found.get("cases", {})).items()}
    counts = {
        str(cause): {
            str(rule): {key: _count(_table(row).get(key, 0)) for key in VERDICTS} for rule, row in _table(rules).items()
        }
        for cause, rules in _table(found.get("counts", {})).items()
    }
    return Calibration(float(temperature), cases, counts, str(found.get("made_by", "")))


def _table(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError(f"{value!r} is no table")
    return value


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{value!r} is no count")
    return value
