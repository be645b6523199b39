"""The report as plain text: counts of every outcome first, findings, then what was not checked. Never a score."""

from __future__ import annotations

import textwrap

from ppo_doctor.diagnose.engine import Outcome, Report
from ppo_doctor.diagnose.finding import Finding, Remedy
from ppo_doctor.diagnose.rule import SECTIONS, Input, Rule
from ppo_doctor.run import Run

WIDTH = 110


def render(report: Report) -> str:
    """The whole report, ending with a newline."""
    parts = [_head(report.run), summary(report), *(_finding(found) for found in report.findings)]
    parts += [_not_checked(report.not_checked), _clean(report), _unmapped(report.run)]
    return "\n\n".join(part for part in parts if part) + "\n"


def summary(report: Report) -> str:
    """All six counts in one line: "10 rules: 2 fired, 5 clean, ..."."""
    counts = ", ".join(f"{n} {status}" for status, n in report.counts.items())
    return f"{len(report.outcomes)} rules: {counts}"


def explain(rule: Rule) -> str:
    """The manual page of a rule: what it reads, its thresholds, and its docstring."""
    reads = {required: [_reads(one) for one in rule.inputs if one.required == required] for required in (True, False)}
    thresholds = [f"{name} = {value:g}" for name, value in rule.thresholds.items()]
    head = [f"{rule.code} {rule.name} ({rule.severity}, {rule.status})", rule.summary]
    facts = []
    for title, names in (("Reads", reads[True]), ("If recorded, also", reads[False]), ("Thresholds", thresholds)):
        facts += _wrap(f"{title}: {', '.join(names) or 'none'}", "")
    sections = [f"{heading}\n{rule.sections.get(heading, '')}" for heading in SECTIONS]
    return "\n\n".join(["\n".join(head), "\n".join(facts), *sections]) + "\n"


TITLES = {
    "log": "The log itself",
    "numerics": "Numbers",
    "data": "The path from environment to minibatch",
    "env": "The environment, its mask and its observation",
    "eval": "Evaluation against references",
    "reward": "The reward",
    "critic": "The value function",
    "policy": "The policy",
    "optim": "The optimiser",
    "network": "The network",
    "config": "Arithmetic of the configuration",
}
"""Heading of each family of rules."""


def listing(rules: tuple[Rule, ...]) -> str:
    """Every rule by family, in the order of examination, as a page of Markdown."""
    lines = ["# Rules", "", f"{len(rules)} rules, in the order of examination. Made by `ppo-doctor rules --markdown`;"]
    lines += ["`ppo-doctor explain RULE` prints formula, thresholds, when it is wrong, and what to do.", ""]
    for family in dict.fromkeys(rule.family for rule in rules):
        lines += [
            f"## {TITLES.get(family, family)}",
            "",
            "| code | rule | severity | finds | reads |",
            "|---|---|---|---|---|",
        ]
        for rule in (one for one in rules if one.family == family):
            reads = ", ".join(f"`{_reads(one)}`" for one in rule.inputs if one.required)
            lines.append(f"| {rule.code} | {rule.name} | {rule.severity} | {rule.summary} | {reads} |")
        lines.append("")
    return "\n".join(lines)


def _reads(given: Input) -> str:
    return " or ".join(("the whole run" if given.signal is None else given.signal.name, *given.instead))


def _head(run: Run) -> str:
    system = run.signals.get("system")
    seed = run.scalar("seed")
    about = [
        str(system) if isinstance(system, str) else "",
        "" if seed is None else f"seed {seed:.0f}",
        str(run.meta.get("status", "")),
        f"{run.last_step} steps",
    ]
    return f"{run.source}: {', '.join(part for part in about if part)}"


def _finding(found: Finding) -> str:
    lines = [f"{(found.severity or 'info').upper()}  {found.code} {found.rule}", *_wrap(found.meaning, "  ")]
    for evidence in found.evidence:
        lines += _wrap(evidence.sentence(), "  - ")
    for number, remedy in enumerate(found.remedies, start=1):
        lines += _wrap(_remedy(remedy), f"  {number}. ")
    return "\n".join(lines)


def _remedy(remedy: Remedy) -> str:
    text = f"{remedy.do}: {remedy.because}."
    if remedy.change:
        text += f" Change: {', '.join(f'{name} {change}' for name, change in remedy.change.items())}."
    if remedy.confirm:
        text += f" Confirm first: probe {remedy.confirm}."
    return text + (f" Then {remedy.verify}." if remedy.verify else "")


def _not_checked(outcomes: tuple[Outcome, ...]) -> str:
    lines = [
        line
        for one in outcomes
        for line in _wrap(f"{one.rule.code} {one.rule.name}: {one.reason}", f"  {one.status:<10} ")
    ]
    return "\n".join(["Not checked", *lines]) if lines else ""


def _clean(report: Report) -> str:
    names = [outcome.rule.name for outcome in report.outcomes if outcome.status == "clean"]
    return "\n".join(["Checked and clean", *_wrap(", ".join(names), "  ")]) if names else ""


def _unmapped(run: Run) -> str:
    return "\n".join(["Recorded but not understood", *_wrap(", ".join(run.unmapped), "  ")]) if run.unmapped else ""


def _wrap(text: str, first: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=" " * len(first), break_on_hyphens=False)
