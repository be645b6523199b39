"""Conformance suite of causes: what every cause must satisfy, each law a function that raises `AssertionError`.

A third party's test is two lines:

    @pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
    def test_my_cause(law): law(my_cause)
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import numpy as np

from ppo_doctor import signals
from ppo_doctor.diagnose.calibration import Calibration
from ppo_doctor.diagnose.cause import FAMILIES, LEVELS, SECTIONS, Cause
from ppo_doctor.diagnose.differential import examine
from ppo_doctor.diagnose.rule import all_rules
from ppo_doctor.run import Run, Series

Law = Callable[[Cause], None]
OWN = Calibration()
"""No measured counts: a cause is held to what it says itself."""
TOP = 3
"""Places among which a cause must be on its own examples."""


def is_named_as_its_file(cause: Cause) -> None:
    """The file is in the folder of a known family, and its name makes a kebab-case id."""
    assert cause.family in FAMILIES, f"{cause.id}: unknown family {cause.family}; known: {', '.join(FAMILIES)}"
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", cause.id), f"{cause.id} is no kebab-case name"


def is_documented(cause: Cause) -> None:
    """A one-sentence summary, and every section in order and none empty."""
    assert cause.summary.endswith("."), f"{cause.id}: the summary is no sentence"
    assert tuple(cause.sections) == SECTIONS, f"{cause.id}: sections are {tuple(cause.sections)}, wanted {SECTIONS}"
    for heading, text in cause.sections.items():
        assert len(text.split()) >= 4, f"{cause.id}: {heading} says nothing"


def expects_known_rules(cause: Cause) -> None:
    """Levels are known words, rules exist, none is named twice; the prior is a positive number."""
    known = {rule.name for rule in all_rules()}
    named = [rule for rules in cause.predicts.values() for rule in rules]
    assert set(cause.predicts) <= set(LEVELS), f"{cause.id}: unknown level in {tuple(cause.predicts)}"
    assert set(named) <= known, f"{cause.id}: unknown rules {sorted(set(named) - known)}"
    assert len(named) == len(set(named)), f"{cause.id}: a rule is named twice"
    assert math.isfinite(cause.prior), f"{cause.id}: the prior is {cause.prior}"
    assert cause.prior > 0.0, f"{cause.id}: the prior is {cause.prior}"


def can_be_acted_on(cause: Cause) -> None:
    """There is a remedy; remedies change settings of the vocabulary, and probes are identifiers."""
    assert cause.remedies, f"{cause.id}: no remedy"
    for remedy in cause.remedies:
        for name in remedy.change:
            assert signals.known(name) or signals.known(f"{name}_start"), f"{cause.id}: unknown setting {name}"
    for probe in (cause.confirm, *(remedy.confirm for remedy in cause.remedies)):
        assert probe is None or probe.isidentifier(), f"{cause.id}: probe {probe!r}"


def is_among_the_first_on_its_examples(cause: Cause) -> None:
    """There is an example, and on each the cause is among the three most probable."""
    assert cause.examples, f"{cause.id}: no example"
    for run in cause.examples:
        found = [one.cause.id for one in examine(run, calibration=OWN).causes]
        assert cause.id in found[:TOP], f"{cause.id} on {run.source!r}: the first are {found[:TOP]}"


def keeps_its_honesty_on_prefixes_and_nan(cause: Cause) -> None:
    """However early a run is looked at, no rule crashes and probabilities add to one; NaN makes nothing healthier."""
    for run in cause.examples:
        for part in _prefixes(run):
            report = examine(part, calibration=OWN)
            crashed = [one.rule.name for one in report.outcomes if one.status == "crashed"]
            assert not crashed, f"{cause.id} at step {part.last_step}: {crashed}"
            total = sum(one.probability for one in report.causes)
            assert abs(total - 1.0) < 1e-6, f"{cause.id} at step {part.last_step}: probabilities add to {total}"
        spoilt = _chance_of_health(_spoilt(run))
        limit = max(_chance_of_health(run), 0.5) if cause.innocent else 0.5
        assert spoilt <= limit + 1e-9, (
            f"{cause.id} on {run.source!r}: healthy with {spoilt:.2f} although values are NaN"
        )


LAWS: tuple[Law, ...] = (
    is_named_as_its_file,
    is_documented,
    expects_known_rules,
    can_be_acted_on,
    is_among_the_first_on_its_examples,
    keeps_its_honesty_on_prefixes_and_nan,
)
"""Every law."""


def _prefixes(run: Run) -> list[Run]:
    """The run at its start, after its first points, and half way."""
    steps = sorted({int(step) for series in run.all_series().values() for step in series.step})
    return [run.until(step) for step in (0, *steps[:2], *steps[len(steps) // 2 : len(steps) // 2 + 1])]


def _spoilt(run: Run) -> Run:
    """The run with the last value of every series, and every number, NaN."""
    changed = {}
    for name, value in run.signals.items():
        if isinstance(value, Series):
            values = np.array(value.value)
            values[-1:] = math.nan
            changed[name] = Series(name, value.step, values, value.as_logged, value.caveat)
        else:
            changed[name] = math.nan if isinstance(value, float) else value
    return Run(run.source, changed, run.meta)


def _chance_of_health(run: Run) -> float:
    return next(one.probability for one in examine(run, calibration=OWN).causes if one.cause.id == "healthy")
