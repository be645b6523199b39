"""The report as strict JSON, for machines: the same data as the text, with nothing left out."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from ppo_doctor.diagnose.differential import Clue, Suspect
from ppo_doctor.diagnose.engine import Report
from ppo_doctor.diagnose.next_test import NextTest
from ppo_doctor.jsonl import encode
from ppo_doctor.run import Run


def render(report: Report) -> str:
    """One JSON object: run, causes, findings, outcomes (counts), not_checked, clean; non-finite numbers as words.

    `causes` is empty if the report comes from `engine.diagnose`, which ranks none.
    """
    return json.dumps(encode(as_dict(report)), indent=1, allow_nan=False) + "\n"


def as_dict(report: Report) -> dict[str, Any]:
    """The report as plain mappings and lists."""
    return {
        "run": _run(report.run),
        "causes": [_suspect(one) for one in report.causes],
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


def _suspect(one: Suspect) -> dict[str, Any]:
    return {
        "id": one.cause.id,
        "probability": one.probability,
        "for": [_clue(clue) for clue in one.evidence_for],
        "against": [_clue(clue) for clue in one.evidence_against],
        "next_test": None if one.next_test is None else _test(one.next_test),
    }


def _clue(clue: Clue) -> dict[str, Any]:
    rule = clue.outcome.rule
    return {"rule": rule.name, "code": rule.code, "status": clue.outcome.status, "likelihood_ratio": clue.ratio}


def _test(test: NextTest) -> dict[str, Any]:
    about = {"do": test.sentence(), "source": test.source, "signals": test.signals, "rules": test.rules}
    return about | {"gain": test.gain, "cost": test.cost}


def _finding(found: Any) -> dict[str, Any]:
    plain = dataclasses.asdict(found)
    for evidence, record in zip(found.evidence, plain["evidence"], strict=True):
        record["sentence"] = evidence.sentence()
    return plain
