"""The report as plain text: causes, the next test, findings, counts, then what was not checked. Never a score."""

from __future__ import annotations

import textwrap

from ppo_doctor import signals
from ppo_doctor.diagnose import differential
from ppo_doctor.diagnose.cause import SECTIONS as CAUSE_SECTIONS
from ppo_doctor.diagnose.cause import Cause
from ppo_doctor.diagnose.engine import Outcome, Report
from ppo_doctor.diagnose.finding import Finding, Remedy
from ppo_doctor.diagnose.rule import SECTIONS, Input, Rule
from ppo_doctor.run import Run

WIDTH = 98
SUSPECTS = 3
"""Causes of which the evidence is printed; of the others only the probability."""
LISTED = 0.02
"""Least probability of a cause in the line of the others, the benign ones apart."""


def render(report: Report) -> str:
    """The whole report, ending with a newline."""
    parts = [_head(report.run), causes(report), *(_finding(found) for found in report.findings), summary(report)]
    parts += [_not_checked(report.not_checked), _clean(report), _unmapped(report.run)]
    return "\n\n".join(part for part in parts if part) + "\n"


def summary(report: Report) -> str:
    """All six counts in one line: "10 rules: 2 fired, 5 clean, ..."."""
    counts = ", ".join(f"{n} {status}" for status, n in report.counts.items())
    return f"{len(report.outcomes)} rules: {counts}"


def causes(report: Report) -> str:
    """The most probable causes with their evidence, the other ones, and the next test; empty if none were ranked."""
    if not report.causes:
        return ""
    lines = ["Likely causes"]
    for suspect in report.causes[:SUSPECTS]:
        lines += _wrap(f"{suspect.cause.id}: {suspect.cause.summary}", f"  {suspect.probability:>4.0%}  ")
        for title, clues in (("for", suspect.evidence_for), ("against", suspect.evidence_against)):
            if clues:
                lines += _wrap("; ".join(clue.sentence() for clue in clues), f"        {title}: ")
    others = [
        one for one in report.causes[SUSPECTS:] if one.probability >= LISTED or one.cause.id in differential.BENIGN
    ]
    if others:
        lines += _wrap(", ".join(f"{one.cause.id} {one.probability:.0%}" for one in others), "  also: ")
    if test := differential.next_test(report):
        lines += ["", *_wrap(f"{test.sentence()}.", "Next test: ")]
    guilty = report.causes[0].cause
    if guilty.remedies and guilty.id not in ("healthy", "unknown"):
        lines += ["", f"If it is {guilty.id}"]
        lines += [line for k, one in enumerate(guilty.remedies, 1) for line in _wrap(_remedy(one), f"  {k}. ")]
    return "\n".join(lines)


def explain_cause(cause: Cause) -> str:
    """The manual page of a cause: its docstring, and what it makes the rules say."""
    head = [f"{cause.id} (cause, {cause.family})", cause.summary]
    sections = [f"{heading}\n{cause.sections.get(heading, '')}" for heading in CAUSE_SECTIONS]
    expected = [
        line for level, rules in cause.expects.items() for line in _wrap(", ".join(rules), f"  {level + ':':<11}")
    ]
    remedies = [line for k, one in enumerate(cause.remedies, 1) for line in _wrap(_remedy(one), f"  {k}. ")]
    facts = ["Rules that fire, if they can be decided", *expected]
    if cause.confirm:
        facts.append(f"Confirmed by: {confirmation(cause.confirm)}")
    return (
        "\n\n".join(
            ["\n".join(head), *sections, "\n".join(["Remedies, the cheapest first", *remedies]), "\n".join(facts)]
        )
        + "\n"
    )


def listing_of_causes(all_of_them: tuple[Cause, ...]) -> str:
    """Every cause by family, in the order of examination, as a page of Markdown."""
    lines = [
        "# Causes",
        "",
        f"{len(all_of_them)} causes, in the order of examination. Made by `ppo-doctor causes --markdown`;",
    ]
    lines += ["`ppo-doctor explain CAUSE` prints how each looks, what it is confused with, and what to do.", ""]
    lines += ["`healthy`, `no-headroom`, `still-improving` and `unknown` always compete with the faults.", ""]
    for family in dict.fromkeys(one.family for one in all_of_them):
        lines += [
            f"## {CAUSE_TITLES.get(family, family)}",
            "",
            "| cause | what it is | seen best by | confirmed by |",
            "|---|---|---|---|",
        ]
        for one in (one for one in all_of_them if one.family == family):
            seen = ", ".join(f"`{rule}`" for level in ("always", "often") for rule in one.predicts.get(level, ())[:3])
            lines.append(f"| {one.id} | {one.summary} | {seen} | {f'`{one.confirm}`' if one.confirm else ''} |")
        lines.append("")
    return "\n".join(lines)


CAUSE_TITLES = {
    "env": "The environment",
    "observation": "The observation",
    "reward": "The reward",
    "learner": "The learner",
    "config": "The configuration",
    "evaluation": "Evaluation and logging",
    "other": "None of these",
}
"""Heading of each family of causes."""


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
    "trial": "Trials: trained again with one thing changed",
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
        text += f" Confirm first: {confirmation(remedy.confirm)}."
    return text + (f" Then {remedy.verify}." if remedy.verify else "")


def confirmation(name: str) -> str:
    """ "probe headroom", or "live check gae_recompute"."""
    return f"{signals.checks().get(name, 'probe')} {name}"


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
