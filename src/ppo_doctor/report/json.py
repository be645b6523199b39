"""The report as strict JSON, for machines: the same data as the text, with nothing left out."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from ppo_doctor.diagnose.engine import Report
from ppo_doctor.jsonl import encode
from ppo_doctor.run import Run

NO_CAUSES = "causes are not ranked by this version: findings are symptoms"


def render(report: Report) -> str:
    """One JSON object: run, causes, findings, outcomes (counts), not_checked, clean; non-finite numbers as words."""
    return json.dumps(encode(as_dict(report)), indent=1, allow_nan=False) + "\n"


def as_dict(report: Report) -> dict[str, Any]:
    """The report as plain mappings and lists."""
    return {
        "run": _run(report.run),
        "causes": list(report.causes),
        "causes_note": "" if report.causes else NO_CAUSES,
        "findings": [_finding(found) for found in report.findings],
        "outcomes": report.counts,
        "not_checked": [
            {"rule": one.rule.name, "code": one.rule.code, "status": one.status, "reason": one.reason}
            for one in report.not_checked
        ],
        "clean": [one.rule.name for one in report.outcomes if one.status == "clean"],
    }


def _run(run: Run) -> dict[str, Any]:
    about = {name: run.meta[name] for name in ("id", "system", "seed", "status") if name in run.meta}
    return {"source": run.source, **about, "last_step": run.last_step, "unmapped": run.unmapped}


def _finding(found: Any) -> dict[str, Any]:
    plain = dataclasses.asdict(found)
    for evidence, record in zip(found.evidence, plain["evidence"], strict=True):
        record["sentence"] = evidence.sentence()
    return plain
