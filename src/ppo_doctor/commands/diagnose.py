"""`ppo-doctor diagnose`."""

from __future__ import annotations

import json as json_
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import tyro

from ppo_doctor.errors import UserError

if TYPE_CHECKING:
    from ppo_doctor.examination import Examined, Order


def command(
    paths: tyro.conf.Positional[tuple[str, ...]],
    *,
    json: bool = False,
    fail_on: Literal["info", "warning", "critical", "never"] = "warning",
    settings: Path | None = None,
    mapping: Path | None = None,
    html: Path | None = None,
    runs: Path = Path("runs"),
) -> int:
    """Examine logs and runs: what is wrong, what is the likely cause, what was not checked.

    Reads Stable-Baselines3, CleanRL, RLlib, rsl_rl, ML-Agents, torch-ac and TorchRL logs as they are, runs of our own,
    and any other CSV with a mapping. Exit status 1 if a finding is at or above the level of --fail-on, 2 if a log
    cannot be read.

    For example:
      ppo-doctor diagnose progress.csv
      ppo-doctor diagnose logs/ --json --fail-on critical
      ppo-doctor diagnose cartpole-1 --html report.html
      ppo-doctor diagnose log.csv > mapping.toml      (an unknown format: a mapping to fill in)

    Args:
        paths: Log files, folders with logs (one run, or several below it), names of runs.
        json: Print the whole report as JSON: an object, or a list of them for several runs.
        fail_on: Least severity that makes the exit status 1.
        settings: TOML file with thresholds and suppressed rules.
        mapping: TOML file that says which column of an unknown log is which signal.
        html: Write the reports to this HTML file, too.
        runs: Folder of runs.
    """
    from ppo_doctor import examination
    from ppo_doctor.diagnose.engine import Settings

    if not paths:
        raise UserError("diagnose what? name a log file, a folder of logs, or a run")
    chosen = None if settings is None else Settings.from_toml(settings)
    if mapping is not None:
        examination.from_toml(mapping)  # a mistake in it is one line, however many logs
    orders = [examination.Order(source, chosen, mapping) for source in examination.sources(paths, runs)]
    found = examination.every(orders)
    _refuse(found, json)
    if html is not None:
        _write_html(html, [order for order, one in zip(orders, found, strict=True) if not one.error])
    if json:
        objects = [{"run": {"source": one.source}, "error": one.error} if one.error else one.json for one in found]
        print(json_.dumps(objects[0] if len(objects) == 1 else objects, indent=1, allow_nan=False))
    elif len(found) == 1:
        print(found[0].text, end="")
    else:
        _table(found)
    _say_notes(found)
    if any(one.error for one in found):
        return 2
    return int(fail_on != "never" and any(one.fails(fail_on) for one in found))


def _refuse(found: list[Examined], json: bool) -> None:
    """Raises `UserError` if nothing at all could be read; prints a mapping to fill in, where one would help."""
    if not all(one.error for one in found):
        return
    if not json and found[0].template:
        print(found[0].template, end="")
        sys.stdout.flush()
    raise UserError(found[0].error)


def _say_notes(found: list[Examined]) -> None:
    for one in found:
        for note in one.notes:
            print("ppo-doctor: note:", " ".join(note.split()), file=sys.stderr)


def _write_html(path: Path, orders: list[Order]) -> None:
    """One page of all runs, which are examined again: a report of live objects does not travel between processes."""
    from ppo_doctor import jsonl
    from ppo_doctor.examination import report
    from ppo_doctor.report.html import render

    page = render([report(order) for order in orders])
    with jsonl.plain_errors(path, "write"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8")


def _table(found: list[Examined]) -> None:
    """One line a run, then what the runs have in common."""
    from rich.table import Table

    from ppo_doctor.tables import console

    table = Table("run", "most likely", "findings", show_edge=False, pad_edge=False)
    for one in found:
        likely = ", ".join(f"{name} {probability:.0%}" for name, probability in one.likely[:2])
        table.add_row(one.source, likely or "-", one.error or ", ".join(one.findings) or "none")
    console().print(table)
    fired = Counter(name for one in found for name in one.findings)
    causes = Counter(one.likely[0][0] for one in found if one.likely)
    for title, counts in (("most likely cause", causes), ("finding", fired)):
        if counts:
            summary = Table(title, "runs", show_edge=False, pad_edge=False)
            for name, count in counts.most_common(10):
                summary.add_row(name, f"{count} of {len(found)}")
            print()
            console().print(summary)
    unread = sum(bool(one.error) for one in found)
    print(f"\n{len(found)} runs, {sum(one.severity is not None for one in found)} with findings, {unread} not read")
