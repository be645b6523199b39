"""`ppo-doctor rules`."""

from __future__ import annotations

import json as json_
from typing import Any

from ppo_doctor.errors import UserError


def command(*, json: bool = False, markdown: bool = False) -> None:
    """List the rules, in the order of examination: code, severity, what each looks for.

    For example:
      ppo-doctor rules
      ppo-doctor rules --json
      ppo-doctor rules --markdown > docs/rules.md

    Args:
        json: Print a JSON list, with the signals each rule reads and its thresholds.
        markdown: Print the page of the documentation.
    """
    from ppo_doctor.diagnose.rule import all_rules
    from ppo_doctor.report import text

    if json and markdown:
        raise UserError("--json or --markdown, not both")
    if json:
        print(json_.dumps([about(rule) for rule in all_rules()], indent=1))
    elif markdown:
        print(text.listing(all_rules()), end="")
    else:
        _table([about(rule) for rule in all_rules()])


def about(rule: Any) -> dict[str, Any]:
    """A rule in plain words and numbers."""

    def names(required: bool) -> list[str]:
        inputs = [one for one in rule.inputs if one.required == required]
        return [one.parameter if one.signal is None else one.signal.name for one in inputs]

    return {
        "code": rule.code,
        "name": rule.name,
        "family": rule.family,
        "severity": rule.severity,
        "status": rule.status,
        "summary": rule.summary,
        "reads": names(True),
        "reads_if_recorded": names(False),
        "stand_ins": {one.parameter: list(one.instead) for one in rule.inputs if one.instead},
        "thresholds": dict(rule.thresholds),
    }


def _table(found: list[dict[str, Any]]) -> None:
    from rich.table import Table

    from ppo_doctor.tables import console

    table = Table("code", "rule", "severity", "what it looks for", show_edge=False, pad_edge=False)
    for one in found:
        table.add_row(one["code"], one["name"], one["severity"], one["summary"])
    console().print(table)
    print(f"{len(found)} rules; `ppo-doctor explain RULE` prints the manual page of one")
