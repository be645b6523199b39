"""The report in a few lines: likely causes, graver findings, and how much was not checked. Never a score."""

from __future__ import annotations

from ppo_doctor.diagnose.changes import gravest
from ppo_doctor.diagnose.engine import Report

FINDINGS, CAUSES = 5, 3


def render(report: Report) -> str:
    """The outline, ending with a newline."""
    found = gravest(report).values()
    lines = [f"{report.run.source}: {report.run.last_step} steps"]
    if report.causes:
        likely = ", ".join(f"{one.cause.id} {one.probability:.0%}" for one in report.causes[:CAUSES])
        lines.append(f"  likely causes: {likely}")
    lines += [f"  {one.severity} {one.code} {one.rule}: {one.meaning}" for one in list(found)[:FINDINGS]]
    if len(found) > FINDINGS:
        lines.append(f"  and {len(found) - FINDINGS} more findings")
    if not found:
        lines.append("  no rule fired")
    lines.append(f"  not checked: {len(report.not_checked)} of {len(report.outcomes)} rules")
    return "\n".join(lines) + "\n"
