"""Counts of what the rules said under injected causes, and how probabilities follow from them.

    {"temperature": t, "cases": {cause: n}, "made_by": command,
     "counts": {cause: {rule: {"fired": n, "clean": n, "unknown": n}}}}

The fault benchmark writes the file; without it the causes' own expectations stand alone.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
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

OWN = 6.0
"""Cases that a cause as a whole is worth against those of one of its mechanisms: 6 has less log-loss than 3 or 12."""
ENOUGH = 40.0
"""Most cases that counts are worth: many runs of few environments are alike, and prove less than as many others."""


def verdict(status: str) -> Verdict:
    """What a rule's status is as evidence: all but fired and clean are unknown."""
    return "fired" if status == "fired" else "clean" if status == "clean" else "unknown"


Rows = Mapping[str, Mapping[str, int]]
"""Rule -> verdict -> runs."""


@dataclass(frozen=True)
class Calibration:
    """Measured outcomes of rules by cause."""

    temperature: float = TEMPERATURE
    cases: Mapping[str, int] = field(default_factory=dict)
    """Cause -> how often it was judged: runs it was injected into, each by all its signals and as a bare log."""
    counts: Mapping[str, Mapping[str, Rows]] = field(default_factory=dict)
    """Cause -> mechanism (the bug behind it: two of one cause leave different marks) -> rule -> verdict -> runs."""
    made_by: str = ""

    @cached_property
    def merged(self) -> Mapping[str, Rows]:
        """Cause -> rule -> verdict -> runs, by whatever mechanism."""
        return {cause: _merged(ways.values()) for cause, ways in self.counts.items()}

    def smoothed(self, cause: str, rule: str, expected: float) -> float:
        """Probability that `rule` fires under `cause`, if decided: counts on top of `STRENGTH` expected cases."""
        seen = self.merged.get(cause, {}).get(rule, {})
        return share(seen.get("fired", 0), seen.get("clean", 0), expected)

    def by_mechanism(self, cause: str, mechanism: str, rule: str, expected: float) -> float:
        """The same of one mechanism: counts on top of `OWN` cases of the cause as a whole."""
        seen = self.counts[cause][mechanism].get(rule, {})
        fired, clean = seen.get("fired", 0), seen.get("clean", 0)
        return (fired + OWN * expected) / (fired + clean + OWN)

    def to_json(self) -> str:
        """The file's text; counts of zero are left out."""
        counts = {
            cause: {
                way: {rule: {key: n for key, n in row.items() if n} for rule, row in rows.items()}
                for way, rows in ways.items()
            }
            for cause, ways in self.counts.items()
        }
        found = {"temperature": self.temperature, "cases": dict(self.cases), "made_by": self.made_by, "counts": counts}
        return json.dumps(found, sort_keys=True, separators=(",", ":")).replace("},", "},\n") + "\n"


def _merged(several: Iterable[Rows]) -> Rows:
    found: dict[str, dict[str, int]] = {}
    for rows in several:
        for rule, row in rows.items():
            whole = found.setdefault(rule, dict.fromkeys(VERDICTS, 0))
            for said, n in row.items():
                whole[said] += n
    return found


def share(fired: int, clean: int, expected: float) -> float:
    """How often a rule fires: counts, `ENOUGH` at most, on top of `STRENGTH` expected cases."""
    worth = min(1.0, ENOUGH / max(fired + clean, 1))
    return (worth * fired + STRENGTH * expected) / (worth * (fired + clean) + STRENGTH)


def tally(cases: Iterable[tuple[str, str, Mapping[str, str]]], made_by: str = "") -> Calibration:
    """Counts from (true cause, mechanism, rule -> status) of many runs; the temperature is yet to be fitted."""
    totals: Counter[str] = Counter()
    counts: dict[str, dict[str, dict[str, dict[str, int]]]] = {}
    for cause, mechanism, statuses in cases:
        totals[cause] += 1
        rows = counts.setdefault(cause, {}).setdefault(mechanism, {})
        for rule, status in statuses.items():
            rows.setdefault(rule, dict.fromkeys(VERDICTS, 0))[verdict(status)] += 1
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
            str(way): {
                str(rule): {key: _count(_table(row).get(key, 0)) for key in VERDICTS}
                for rule, row in _table(rows).items()
            }
            for way, rows in _table(ways).items()
        }
        for cause, ways in _table(found.get("counts", {})).items()
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
