"""Who speaks on whose examples. Every firing of a rule on another rule's example is listed here with its reason."""

from __future__ import annotations

from functools import cache

from ppo_doctor.diagnose.rule import all_rules
from ppo_doctor.testing import rules as suite

PARTIAL = "return-not-recorded"
"""Left out: examples hold what their owner reads, mostly without a return, and of such a log it is true."""

BOTH_TRUE: dict[tuple[str, str], str] = {}
"""(owner of a FIRES example, rule that fires on it too) -> why that is right."""

SILENT_FOR_ITS_OWNER: dict[tuple[str, str], str] = {}
"""(owner of a SILENT example, rule that fires on it) -> why: a look-alike is another rule's fault."""


@cache
def talk() -> tuple[tuple[str, str, str, str, str], ...]:
    found = suite.cross_talk(all_rules())
    rows = ((owner.name, which, run.source, rule.name, status) for owner, which, run, rule, status in found)
    return tuple(row for row in rows if row[3] != PARTIAL)


def test_no_rule_crashes_on_any_example() -> None:
    assert [row for row in talk() if row[-1] == "crashed"] == []


def test_every_second_finding_on_an_example_of_a_fault_is_reviewed() -> None:
    seen = {(owner, rule) for owner, which, _, rule, status in talk() if which == "FIRES" and status == "fired"}
    assert seen == set(BOTH_TRUE)


def test_every_finding_on_a_look_alike_is_reviewed() -> None:
    seen = {(owner, rule) for owner, which, _, rule, status in talk() if which == "SILENT" and status == "fired"}
    assert seen == set(SILENT_FOR_ITS_OWNER)


def test_every_review_gives_a_reason() -> None:
    for reason in (*BOTH_TRUE.values(), *SILENT_FOR_ITS_OWNER.values()):
        assert len(reason.split()) >= 4
