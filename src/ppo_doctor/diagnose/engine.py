"""Run every rule on a run. The engine, not the rule, says what is skipped, undecided, suppressed or crashed."""

from __future__ import annotations

import tomllib
import traceback
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ppo_doctor import signals
from ppo_doctor.diagnose.finding import SEVERITIES, Finding, Severity
from ppo_doctor.diagnose.rule import Input, Rule, TooFew, Undecided, all_rules, find
from ppo_doctor.errors import UserError
from ppo_doctor.run import Run, Series
from ppo_doctor.signals import Signal

if TYPE_CHECKING:
    from ppo_doctor.diagnose.differential import Suspect

Status = Literal["fired", "clean", "undecided", "skipped", "suppressed", "crashed"]
STATUSES: tuple[Status, ...] = ("fired", "clean", "undecided", "skipped", "suppressed", "crashed")


@dataclass(frozen=True)
class Settings:
    """What the user changes: thresholds by rule, and rules to leave out, each with a reason that the report repeats."""

    thresholds: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Name or code of a rule -> threshold -> value."""
    suppress: Mapping[str, str] = field(default_factory=dict)
    """Name or code of a rule -> reason."""

    def __post_init__(self) -> None:
        """Raises `UserError` for unknown rules and thresholds, values that are no numbers, and empty reasons."""
        for name in ("thresholds", "suppress"):
            table = getattr(self, name)
            if not isinstance(table, Mapping):
                raise UserError(f"{name} must be a table by rule")
            object.__setattr__(self, name, {find(key).name: value for key, value in table.items()})
        for name, values in self.thresholds.items():
            if not isinstance(values, Mapping):
                raise UserError(f"thresholds.{name} must be a table, such as limit = 0.1")
            for threshold, value in values.items():
                _check_threshold(find(name), threshold, value)
        for name, reason in self.suppress.items():
            if not isinstance(reason, str) or not reason.strip():
                raise UserError(f"suppressing {name} needs a reason")

    @classmethod
    def from_toml(cls, path: Path | str) -> Settings:
        """Settings from the tables `[thresholds.<rule>]` and `[suppress]` of a TOML file. Raises `UserError`."""
        try:
            tables = tomllib.loads(Path(path).read_text(encoding="utf-8"))
            if unknown := set(tables) - {"thresholds", "suppress"}:
                raise UserError(f"unknown table {', '.join(sorted(unknown))}; known: thresholds, suppress")
            return cls(**tables)
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, UserError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise UserError(f"{path}: {reason}") from None


def _check_threshold(rule: Rule, threshold: str, value: Any) -> None:
    if threshold not in rule.thresholds:
        known = ", ".join(rule.thresholds) or "none"
        raise UserError(f"{rule.name} has no threshold {threshold!r}; its thresholds: {known}")
    if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
        raise UserError(f"threshold {threshold} of {rule.name} is {value!r}, not a number")


@dataclass(frozen=True)
class Outcome:
    """What came of one rule."""

    rule: Rule
    status: Status
    findings: tuple[Finding, ...] = ()
    reason: str = ""
    """Why there is no verdict; empty for fired and clean."""


@dataclass(frozen=True)
class Report:
    """What came of a run: every rule's outcome, and the causes if `differential` ranked them (most probable first)."""

    run: Run
    outcomes: tuple[Outcome, ...]
    causes: tuple[Suspect, ...] = ()

    @property
    def counts(self) -> dict[Status, int]:
        """Rules by status, all six always present. There is no score."""
        counted = Counter(outcome.status for outcome in self.outcomes)
        return {status: counted[status] for status in STATUSES}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding, the gravest first, within a severity in the order of examination."""
        every = [found for outcome in self.outcomes for found in outcome.findings]
        return tuple(sorted(every, key=lambda found: -SEVERITIES.index(found.severity or "info")))

    @property
    def not_checked(self) -> tuple[Outcome, ...]:
        """Outcomes without a verdict: what this report does not know."""
        return tuple(outcome for outcome in self.outcomes if outcome.status not in ("fired", "clean"))

    def fails(self, level: Severity = "warning") -> bool:
        """Whether a finding is at or above `level`."""
        return any(SEVERITIES.index(found.severity or "info") >= SEVERITIES.index(level) for found in self.findings)


def diagnose(run: Run, settings: Settings | None = None, rules: tuple[Rule, ...] | None = None) -> Report:
    """Judge `run` by every rule (or by `rules`)."""
    settings = settings or Settings()
    return Report(run, tuple(judge(rule, run, settings) for rule in (all_rules() if rules is None else rules)))


def judge(rule: Rule, run: Run, settings: Settings | None = None) -> Outcome:
    """Judge `run` by one rule. Never raises for what a rule does: a bug in one must not hide the others."""
    settings = settings or Settings()
    if rule.name in settings.suppress:
        return Outcome(rule, "suppressed", reason=settings.suppress[rule.name])
    if lacking := _lacking(rule, run):
        return Outcome(rule, "skipped", reason=f"not recorded: {'; '.join(_wanted(given) for given in lacking)}")
    try:
        arguments = {given.parameter: _argument(rule, given, run) for given in rule.inputs}
        findings = tuple(rule(**arguments, **settings.thresholds.get(rule.name, {})))
    except TooFew as reason:
        return _by_stand_in(rule, run, settings, reason)
    except Undecided as reason:
        return Outcome(rule, "undecided", reason=str(reason))
    except Exception as error:  # noqa: BLE001  # the sentence above
        frame = traceback.extract_tb(error.__traceback__)[-1]
        return Outcome(rule, "crashed", reason=f"{type(error).__name__}: {error} ({frame.filename}:{frame.lineno})")
    return Outcome(rule, "fired" if findings else "clean", findings)


def _by_stand_in(rule: Rule, run: Run, settings: Settings, reason: TooFew) -> Outcome:
    """The verdict by what stands in for a series of too few points, as if that were not there; undecided without."""
    rest = replace(run, signals={name: x for name, x in run.signals.items() if name != reason.series})
    short = [given for given in rule.inputs if given.signal is not None and given.signal.name == reason.series]
    if any(given.instead and _present(given, rest) is not None for given in short):
        outcome = judge(rule, rest, settings)
        if outcome.status in ("fired", "clean"):
            return outcome
    return Outcome(rule, "undecided", reason=str(reason))


def missing(rule: Rule, run: Run) -> tuple[Signal, ...]:
    """The signals the rule needs and the run does not have."""
    return tuple(given.signal for given in _lacking(rule, run) if given.signal is not None)


def _lacking(rule: Rule, run: Run) -> list[Input]:
    return [given for given in rule.inputs if given.required and _present(given, run) is None]


def _present(given: Input, run: Run) -> str | None:
    """Name of the signal, or the first stand-in, that the run has in the right kind."""
    if given.signal is None:
        return "run"
    if given.signal.family:
        return given.parameter if run.members(given.parameter) else None
    kind = {"series": Series, "scalar": float, "text": str}[given.signal.kind]
    return next((name for name in (given.signal.name, *given.instead) if isinstance(run.signals.get(name), kind)), None)


def _wanted(given: Input) -> str:
    assert given.signal is not None
    names = " or ".join((given.signal.name, *given.instead))
    return f"{names} ({given.signal.meaning.split(';')[0]}; from: {given.signal.source})"


def _argument(rule: Rule, given: Input, run: Run) -> Any:
    """What to pass for a parameter, None if it is absent. Raises `Undecided` for values that cannot be judged."""
    name = _present(given, run)
    if name is None or given.signal is None:
        return None if name is None else run
    if given.signal.family:
        members = run.members(name)
        finite = {key: one if rule.sees_nonfinite else _finite(given, one) for key, one in members.items()}
        return {key: one for key, one in finite.items() if one is not None}
    value = run.signals[name]
    if rule.sees_nonfinite or isinstance(value, str):
        return value
    if isinstance(value, Series):
        return _finite(given, value)
    if not np.isfinite(value):
        raise Undecided(f"{name} is {value}")
    return value


def _finite(given: Input, series: Series) -> Series | None:
    """The series without the points at which it is legitimately undefined; None if nothing is left of an optional one.

    Raises `Undecided` if it cannot be judged.
    """
    bad = ~np.isfinite(series.value)
    undefined = signals.lookup(series.name).undefined
    if bad.any() and not undefined:
        first = int(np.argmax(bad))
        share = f"{bad.sum()} of {len(series)} values"
        raise Undecided(f"{series.name} is {series.value[first]} at step {series.step[first]} ({share})")
    if not bad.all():
        return series.where(~bad)
    if given.required:
        raise Undecided(f"{series.name} was never defined: {undefined or 'it has no value'}")
    return None
