"""Conformance suite of rules: what every rule must satisfy, each law a function that raises `AssertionError`.

A third party's test is two lines:

    @pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
    def test_my_rule(law): law(my_rule)
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from ppo_doctor import signals
from ppo_doctor.diagnose.engine import Status, judge
from ppo_doctor.diagnose.rule import FAMILIES, SECTIONS, Input, Rule
from ppo_doctor.run import Run, Series, Value

Law = Callable[[Rule], None]


def is_named_as_its_file(rule: Rule) -> None:
    """File, function and name agree; the code is the family's prefix and three digits."""
    *_, family, file = rule.check.__module__.split(".")
    assert file == rule.check.__name__ == rule.name.replace("-", "_"), f"{rule.name} lives in {file}.py"
    assert family in FAMILIES, f"{rule.name}: unknown family {family}; known: {', '.join(FAMILIES)}"
    assert re.fullmatch(rf"{FAMILIES[family]}\d{{3}}", rule.code), f"{rule.code} does not fit {FAMILIES[family]}###"


def is_documented(rule: Rule) -> None:
    """A one-sentence summary, every section in order and none empty, every threshold named and a finite number."""
    assert rule.summary.endswith("."), f"{rule.name}: the summary is no sentence"
    sections = rule.sections
    assert tuple(sections) == SECTIONS, f"{rule.name}: sections are {tuple(sections)}, wanted {SECTIONS}"
    assert all(text.strip() for text in sections.values()), f"{rule.name}: an empty section"
    for threshold, value in rule.thresholds.items():
        assert math.isfinite(value), f"{rule.name}: {threshold} is {value}"
        assert f"`{threshold}`" in sections["Looks at"], f"{rule.name}: Looks at does not explain `{threshold}`"


def fires_where_it_should(rule: Rule) -> None:
    """Every FIRES example fires, with evidence from that run, a remedy, and a severity."""
    assert rule.examples("FIRES"), f"{rule.name}: no FIRES example"
    for run in rule.examples("FIRES"):
        outcome = judge(rule, run)
        assert outcome.status == "fired", f"{rule.name} on {run.source!r}: {outcome.status} ({outcome.reason})"
        for found in outcome.findings:
            assert found.evidence, f"{rule.name} on {run.source!r}: no evidence"
            assert found.remedies, f"{rule.name} on {run.source!r}: no remedy"
            assert found.severity, f"{rule.name} on {run.source!r}: no severity"
            assert {one.signal for one in found.evidence} <= set(run.signals), f"{rule.name}: evidence from elsewhere"


def is_silent_where_it_should(rule: Rule) -> None:
    """Two SILENT examples at least, each clean."""
    assert len(rule.examples("SILENT")) >= 2, f"{rule.name}: fewer than two SILENT examples"
    for run in rule.examples("SILENT"):
        outcome = judge(rule, run)
        assert outcome.status == "clean", f"{rule.name} on {run.source!r}: {outcome.status} ({outcome.reason})"


def says_no_number_without_evidence(rule: Rule) -> None:
    """Meanings and remedies hold no number: those belong into evidence."""
    for run in rule.examples("FIRES"):
        for found in judge(rule, run).findings:
            for text in (
                found.meaning,
                *(part for one in found.remedies for part in (one.do, one.because, one.verify)),
            ):
                assert not re.search(r"(?<![\w-])\d", text), f"{rule.name}: a number in {text!r}"


def changes_known_settings(rule: Rule) -> None:
    """Remedies change settings of the vocabulary, and name probes as identifiers."""
    for run in rule.examples("FIRES"):
        for remedy in (one for found in judge(rule, run).findings for one in found.remedies):
            for name in remedy.change:
                assert signals.known(name) or signals.known(f"{name}_start"), f"{rule.name}: unknown setting {name}"
            assert remedy.confirm is None or remedy.confirm.isidentifier(), f"{rule.name}: probe {remedy.confirm!r}"


def never_calls_unknown_healthy(rule: Rule) -> None:
    """A required signal that is NaN, infinite or empty leaves the rule undecided; an absent one skips it."""
    for run in (*rule.examples("FIRES"), *rule.examples("SILENT")):
        for given, signal in ((one, one.signal) for one in rule.inputs if one.required):
            if signal is None:
                continue
            names = _names(given, run)
            assert judge(rule, _with(run, dict.fromkeys(names))).status == "skipped", f"{rule.name} without {names}"
            if rule.sees_nonfinite or signal.kind == "text":
                continue
            for bad in (math.nan, math.inf):
                status = judge(rule, _with(run, {name: _spoilt(run, name, bad) for name in names})).status
                assert status == "undecided", f"{rule.name}: {status} although {names} is {bad} on {run.source!r}"
            empty = {name: _emptied(run, name) for name in names if isinstance(run.signals[name], Series)}
            if empty:
                status = judge(rule, _with(run, empty)).status
                assert status == "undecided", f"{rule.name}: {status} although {names} is empty"


def never_crashes_on_a_prefix(rule: Rule) -> None:
    """However early a run is looked at, and with whatever optional signal missing, the rule does not crash."""
    for run in (*rule.examples("FIRES"), *rule.examples("SILENT")):
        steps = sorted({int(step) for series in run.all_series().values() for step in series.step})
        optional = [name for one in rule.inputs if not one.required for name in _names(one, run)]
        for part in [run.until(step) for step in [0, *steps]] + [_with(run, {name: None}) for name in optional]:
            outcome = judge(rule, part)
            assert outcome.status != "crashed", f"{rule.name} at step {part.last_step}: {outcome.reason}"


LAWS: tuple[Law, ...] = (
    is_named_as_its_file,
    is_documented,
    fires_where_it_should,
    is_silent_where_it_should,
    says_no_number_without_evidence,
    changes_known_settings,
    never_calls_unknown_healthy,
    never_crashes_on_a_prefix,
)
"""Every law."""


def cross_talk(rules: tuple[Rule, ...]) -> Iterator[tuple[Rule, str, Run, Rule, Status]]:
    """(owner, FIRES or SILENT, example, rule, status) of every rule on every *other* rule's examples."""
    for owner in rules:
        for which in ("FIRES", "SILENT"):
            for run in owner.examples(which):
                for rule in rules:
                    if rule is not owner:
                        yield owner, which, run, rule, judge(rule, run).status


def _names(given: Input, run: Run) -> list[str]:
    """Names under which the run holds this input: itself, stand-ins, members of a family."""
    assert given.signal is not None
    members = [name for name in run.signals if given.signal.member(name) is not None]
    return [name for name in (given.signal.name, *given.instead) if name in run] + members


def _with(run: Run, changes: Mapping[str, Series | Value | None]) -> Run:
    """The run with some signals replaced, or removed where None."""
    changed = {**run.signals, **changes}
    return Run(run.source, {name: value for name, value in changed.items() if value is not None}, run.meta)


def _spoilt(run: Run, name: str, bad: float) -> Series | Value:
    """The signal with its last value `bad`; all values, if a non-finite one is legitimate there."""
    value = run.signals[name]
    if not isinstance(value, Series):
        return bad
    spoilt = np.array(value.value)
    spoilt[slice(None) if signals.lookup(name).undefined else -1] = bad
    return Series(value.name, value.step, spoilt, value.as_logged, value.caveat)


def _emptied(run: Run, name: str) -> Series:
    series = run.series(name)
    return series.where(np.zeros(len(series), bool))
