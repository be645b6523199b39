"""`ppo-doctor watch`."""

from __future__ import annotations

import json as json_
import time
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import tyro

from ppo_doctor.errors import UserError

if TYPE_CHECKING:
    from ppo_doctor.diagnose.finding import Severity
    from ppo_doctor.watching import News


def command(
    paths: tyro.conf.Positional[tuple[str, ...]],
    *,
    every: float = 10.0,
    until_done: bool = False,
    quiet: float = 300.0,
    least: Literal["info", "warning", "critical"] = "warning",
    json: bool = False,
    settings: Path | None = None,
    runs: Path = Path("runs"),
) -> int:
    """Follow runs that still grow: print what appears, gets worse or goes away, and when the likely cause changes.

    Only files that changed are read again. Ctrl-C ends it, with exit status 130; with --until-done, a log that could
    never be read makes it 2.

    For example:
      ppo-doctor watch runs/cartpole-1
      ppo-doctor watch logs/ --every 60 --json >> news.jsonl
      ppo-doctor watch progress.csv --until-done --quiet 120

    Args:
        paths: Log files, folders with logs, names of runs.
        every: Seconds between looks.
        until_done: End when every run has ended; a log that does not tell, when it is quiet.
        quiet: Seconds without growth after which such a log counts as ended.
        least: Mildest severity of a finding that is printed.
        json: Print one JSON object a line and nothing else.
        settings: TOML file with thresholds and suppressed rules.
        runs: Folder of runs.
    """
    from ppo_doctor.diagnose.engine import Settings
    from ppo_doctor.report import brief
    from ppo_doctor.watching import Watch

    if not paths:
        raise UserError("watch what? name a log file, a folder of logs, or a run")
    if not 0 < every < float("inf"):
        raise UserError("--every must be positive, and finite")
    if not quiet >= 0:
        raise UserError("--quiet must not be negative")
    watch = Watch(paths, runs, None if settings is None else Settings.from_toml(settings))
    while True:
        for news in watch.look():
            if _worth(news, least):
                print(json_.dumps(news.as_dict()) if json else news.sentence(), flush=True)
        if until_done and watch.done(quiet):
            break
        time.sleep(every)
    if not json:
        print("".join(brief.render(report) for report in watch.reports.values()), end="")
    return 2 if watch.unread else 0


def _worth(news: News, least: Severity) -> bool:
    from ppo_doctor.diagnose.finding import SEVERITIES

    severity = news.change.severity if news.change else None
    return severity is None or SEVERITIES.index(severity) >= SEVERITIES.index(least)
