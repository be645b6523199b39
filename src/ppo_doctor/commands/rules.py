"""`ppo-doctor rules`."""

from __future__ import annotations

from typing import Any

from ppo_doctor.listing import Listing


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

    found = [about(one) for one in all_rules()]
    titles = ("code", "rule", "severity", "what it looks for")
    rows = [(one["code"], one["name"], one["severity"], one["summary"]) for one in found]
    ending = f"{len(found)} rules; `ppo-doctor explain RULE` prints the manual page of one"
    print(Listing(found, lambda: text.listing(all_rules()), titles, rows, ending).text(json, markdown))


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
