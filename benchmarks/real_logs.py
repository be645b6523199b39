"""Real logs of public projects: what is read, what is diagnosed, and whether that is what is known about the run.

    .venv/bin/python benchmarks/real_logs.py [FOLDER]    writes docs/real-logs.md, and the formats of docs/logs.md

FOLDER holds one folder a log, with a meta.json that says where it comes from and what is known about it. By default the
logs are those of tests/data/logs; most logs carry no licence that would allow to copy them there.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ppo_doctor.adapters import logs, readers
from ppo_doctor.adapters.format import To
from ppo_doctor.diagnose import differential
from ppo_doctor.diagnose.engine import Report
from ppo_doctor.errors import UserError

ROOT = Path(__file__).parents[1]
HARMLESS = ("healthy", "still-improving")
TOP = 3


@dataclass(frozen=True)
class Known:
    """What a right verdict on a log is, from its meta.json."""

    causes: tuple[str, ...]
    """Any of these among the first three causes."""
    findings: tuple[str, ...] = ()
    """Rules that must have fired."""
    why_not: str = ""
    """What stands in the way where the verdict differs."""


ABOUT = ("framework", "env", "outcome", "suspected_cause", "evidence", "source_repo", "source_url", "licence")
"""What a meta.json says of its log."""
HEALTHY = Known(HARMLESS)
NO_REWARD = ("reward-constant", "reward-sparse")
KNOWN = {
    "rl-003": Known(("reward-scale-too-large",), ("return-scale-large",)),
    "rl-004": Known(
        ("reward-scale-too-large",),
        ("return-scale-large",),
        "its return did rise, from 475 to 1135; that sibling runs reach more than 10 000 is not in this log",
    ),
    "rl-009": Known(NO_REWARD, ("static-outcomes",)),
    "rl-021": Known(("unknown",), ("return-not-recorded",)),
    "rl-025": Known(
        ("overshoot", "learning-rate-too-high", "too-many-epochs"),
        (),
        "the return rose and held to the end, so that large updates are undecided (risky, and unharmed), not a finding",
    ),
    "rl-027": Known(HARMLESS),
    "rl-037": Known(NO_REWARD, ("static-outcomes",)),
    "rl-039": Known(("rollout-too-short",), ("rollout-tiny",)),
    "rl-047": Known(
        ("std-degenerate", "entropy-bonus-too-low", "reward-sparse"),
        ("return-flat",),
        "the log holds returns alone: why they are flat cannot be told from it",
    ),
    "rl-054": Known(
        ("normalisation-not-synced", "learning-rate-too-high"),
        ("evaluation-does-not-follow", "kl-spike"),
        "that evaluation does not follow training is found; by another normalisation or by greedy actions looks the "
        "same in a log",
    ),
}
"""Log -> what is right about it; all others are healthy."""


@dataclass(frozen=True)
class Verdict:
    """One log, read and judged."""

    name: str
    meta: dict
    report: Report

    @property
    def known(self) -> Known:
        return KNOWN.get(self.name, HEALTHY)

    @property
    def causes(self) -> list[tuple[str, float]]:
        return [(one.cause.id, one.probability) for one in self.report.causes[:TOP]]

    @property
    def grave(self) -> list[str]:
        return [one.rule for one in self.report.findings if one.severity != "info"]

    @property
    def problems(self) -> list[str]:
        """Where the verdict departs from what is known; empty if it agrees."""
        found = []
        if not {name for name, _ in self.causes} & set(self.known.causes):
            found.append(f"no cause among the first {TOP} is one of {', '.join(self.known.causes)}")
        if missing := set(self.known.findings) - {one.rule for one in self.report.findings}:
            found.append(f"{', '.join(sorted(missing))} did not fire")
        if self.known is HEALTHY and self.grave:
            found.append(f"a healthy run, but {', '.join(self.grave)} fired")
        healthy = dict(self.causes).get("healthy", 0.0)
        if not set(self.known.causes) & set(HARMLESS) and healthy > 0.5:
            found.append(f"called healthy with {healthy:.0%}, and is not")
        return found


def verdicts(folder: Path) -> list[Verdict]:
    """Every log below `folder` that has a meta.json. Raises `UserError` if there is none, or one cannot be used."""
    paths = sorted(folder.glob("*/meta.json"))
    if not paths:
        raise UserError(f"{folder} holds no folder with a meta.json: name the folder of the collected logs")
    described = [(path.parent, described_by(path)) for path in paths]
    return [
        Verdict(path.name, meta, differential.examine(logs.read(source)))
        for path, meta in described
        for source in logs.find(path)
    ]


def described_by(path: Path) -> dict:
    """What a meta.json says. Raises `UserError`."""
    try:
        meta = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UserError(f"{path} is no description of a log: {error}") from None
    missing = [key for key in ABOUT if key not in meta] if isinstance(meta, dict) else ABOUT
    if missing:
        raise UserError(f"{path} is no description of a log: it lacks {', '.join(missing)}")
    return meta


def page(found: list[Verdict]) -> str:
    """The page of the documentation."""
    agree = [one for one in found if not one.problems]
    lines = [
        "# Real logs",
        "",
        "Made by `python benchmarks/real_logs.py`. Logs of public projects, read as they were found;",
    ]
    lines += ["what is known about each comes from its project's own words, source and sibling runs, not from us.", ""]
    lines += [
        f"{len(agree)} of {len(found)} verdicts agree with what is known: the right cause is among the first three,"
    ]
    lines += [
        "the rules that should fire did, no healthy run has a finding above `info`, and no other is called healthy",
        "",
    ]
    lines[-2] += " with more than 50 %."
    lines[-1:] = [
        "These logs were seen while rules and causes were written: this is agreement, not held-out accuracy.",
        "",
    ]
    lines += [
        "| log | trainer, environment | read | known | findings | first causes | agrees |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [_row(one) for one in found]
    lines += ["", "## Where a verdict differs", ""]
    for one in found:
        if one.problems:
            why = f" Reason: {one.known.why_not}." if one.known.why_not else ""
            lines.append(f"- **{one.name}** ({one.meta['outcome']}): {'; '.join(one.problems)}.{why}")
    if len(agree) == len(found):
        lines.append("None does.")
    lines += ["", "## What is known, in the words of the collection", ""]
    lines += [f"- **{one.name}**, {_link(one.meta)}: {one.meta['evidence']}." for one in found]
    return "\n".join(lines) + "\n"


def _row(one: Verdict) -> str:
    run = one.report.run
    read = f"{', '.join(run.meta['formats'])}: {len(run.all_series())} series to step {run.last_step}"
    causes = ", ".join(f"{name} {probability:.0%}" for name, probability in one.causes)
    known = one.meta["outcome"] + ("" if one.meta["suspected_cause"] == "none" else f": {one.meta['suspected_cause']}")
    about = f"{one.meta['framework']}, {one.meta['env']}"
    rules = ", ".join(dict.fromkeys(found.rule for found in one.report.findings)) or "none"
    return f"| {one.name} | {about} | {read} | {known} | {rules} | {causes} | {'no' if one.problems else 'yes'} |"


def _link(meta: dict) -> str:
    return f"[{meta['source_repo']}]({meta['source_url']}) ({meta['licence']})"


def formats() -> str:
    """What every reader knows, as Markdown."""
    parts = []
    for one in map(readers.load, readers.names()):
        parts.append(f"### {one.title}\n\n{one.about}\n")
        if one.name == "own":
            continue
        rows = [f"| `{name}` | `{to.signal}` | {_differs(to)} |" for name, to in one.columns.items()]
        parts.append("\n".join(["| logged as | read as | differs |", "|---|---|---|", *rows, ""]))
    return "\n".join(parts)


def _differs(to: To) -> str:
    factor = f"times {to.scale:g}" if to.scale != 1 else ""
    return "; ".join(part for part in (factor, to.caveat) if part)


def main(words: Sequence[str]) -> int:
    """Write the pages and print a line a log; 2 for a user's mistake."""
    try:
        found = verdicts(Path(words[0]) if words else ROOT / "tests" / "data" / "logs")
    except UserError as error:
        sys.stderr.write(f"{' '.join(str(error).split())}\n")
        return 2
    (ROOT / "docs" / "real-logs.md").write_text(page(found), encoding="utf-8")
    guide = ROOT / "docs" / "logs.md"
    start = guide.read_text(encoding="utf-8").partition("### ")[0]
    guide.write_text(start + formats(), encoding="utf-8")
    for one in found:
        print(f"{one.name}  {'; '.join(one.problems) or 'agrees'}  [{', '.join(name for name, _ in one.causes)}]")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
