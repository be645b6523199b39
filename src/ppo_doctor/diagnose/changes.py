"""What became different between two reports on one run: the news that `watch` and the live callback tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ppo_doctor.diagnose.differential import BENIGN
from ppo_doctor.diagnose.engine import Report
from ppo_doctor.diagnose.finding import SEVERITIES, Finding, Severity

Kind = Literal["appeared", "worsened", "eased", "gone", "unclear", "cause"]
"""appeared, worsened, eased: a finding is new, or its severity changed. gone: the rule now is clean. unclear: the rule
fired and can no longer tell, which is not the same. cause: another cause is the most likely one."""


@dataclass(frozen=True)
class Change:
    """One piece of news."""

    kind: Kind
    name: str
    """Of the rule, or of the cause."""
    text: str
    """What it means, evidence included."""
    code: str = ""
    """Of the rule."""
    severity: Severity | None = None
    """Of the finding, before it went if it is gone."""
    probability: float | None = None
    """Of the cause."""

    @property
    def worse(self) -> bool:
        """Whether the news is bad."""
        return self.kind in ("appeared", "worsened") or (self.kind == "cause" and self.name not in BENIGN)

    def sentence(self) -> str:
        """The news in one line."""
        if self.kind == "cause":
            return f"most likely cause now: {self.name} ({self.probability:.0%})"
        return f"{self.kind} {self.severity} {self.code} {self.name}: {self.text}"


def changes(before: Report | None, after: Report) -> tuple[Change, ...]:
    """News of `after` against `before` (against nothing, if None): findings, gravest first, then the cause."""
    old, new = ({} if one is None else gravest(one) for one in (before, after))
    found = [change for name, finding in new.items() if (change := _about(old.get(name), finding))]
    status = {outcome.rule.name: outcome for outcome in after.outcomes}
    for name, finding in old.items():
        outcome = status.get(name)
        if name not in new and outcome is not None:
            kind: Kind = "gone" if outcome.status == "clean" else "unclear"
            found.append(Change(kind, name, outcome.reason or "clean now", finding.code, finding.severity))
    found.sort(key=lambda change: -SEVERITIES.index(change.severity or "info"))
    first = after.causes[0] if after.causes else None
    if first is not None and (before is None or not before.causes or before.causes[0].cause.id != first.cause.id):
        found.append(Change("cause", first.cause.id, first.cause.summary, probability=first.probability))
    return tuple(found)


def gravest(report: Report) -> dict[str, Finding]:
    """The gravest finding of each rule that fired, gravest first."""
    found: dict[str, Finding] = {}
    for finding in report.findings:
        found.setdefault(finding.rule, finding)
    return found


def _about(old: Finding | None, new: Finding) -> Change | None:
    evidence = new.evidence[0].sentence() if new.evidence else ""
    text = f"{new.meaning} {evidence}".strip()
    if old is None:
        return Change("appeared", new.rule, text, new.code, new.severity)
    rank = [SEVERITIES.index(one.severity or "info") for one in (old, new)]
    if rank[0] == rank[1]:
        return None
    return Change("worsened" if rank[1] > rank[0] else "eased", new.rule, text, new.code, new.severity)
