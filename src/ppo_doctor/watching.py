"""Following runs that still grow: read again only what changed, tell only what is new."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ppo_doctor import examination, jsonl
from ppo_doctor.adapters import logs
from ppo_doctor.diagnose.changes import Change, changes
from ppo_doctor.diagnose.differential import examine
from ppo_doctor.diagnose.engine import Report, Settings
from ppo_doctor.errors import UserError

Stamp = tuple[tuple[str, int, int], ...]
"""Name, size and time of change of each file."""


@dataclass(frozen=True)
class News:
    """What is new about one run: a change, or why it cannot be read at present."""

    run: str
    step: int
    change: Change | None = None
    error: str = ""

    def sentence(self) -> str:
        """The news in one line."""
        return f"{self.run}: step {self.step}: {self.change.sentence() if self.change else self.error}"

    def as_dict(self) -> dict[str, Any]:
        """The news as plain data."""
        about = {"kind": "unreadable", "text": self.error} if self.change is None else asdict(self.change)
        return {"run": self.run, "step": self.step, **about}


@dataclass
class _Followed:
    """What is known of one run from the looks before."""

    stamp: Stamp | None = None
    grown: float = field(default_factory=time.monotonic)
    report: Report | None = None
    error: str = ""
    status: str | None = None
    """Of a run of our own; None for foreign logs, which do not say."""


class Watch:
    """The runs that some words of a command line stand for, from look to look."""

    def __init__(self, words: tuple[str, ...], root: Path, settings: Settings | None = None) -> None:
        """Raises `UserError` if the words stand for nothing."""
        self._words, self._root, self._settings = words, root, settings
        self._followed: dict[Path, _Followed] = {}
        examination.sources(words, root)

    def look(self) -> Iterator[News]:
        """News since the last look, run by run; a run whose files did not change is not read."""
        for source in examination.sources(self._words, self._root):
            one = self._followed.setdefault(source.path, _Followed())
            now = stamp(source)
            if now != one.stamp:
                one.stamp, one.grown = now, time.monotonic()
                yield from self._again(source, one)

    def done(self, quiet: float) -> bool:
        """Whether every run has ended; a foreign log has, once it did not grow for `quiet` seconds."""
        late = time.monotonic() - quiet
        return all(
            one.grown < late if one.status is None else one.status != "running" for one in self._followed.values()
        )

    @property
    def unread(self) -> list[str]:
        """Runs that could not be read at any look."""
        return [str(path) for path, one in self._followed.items() if one.report is None]

    @property
    def reports(self) -> dict[str, Report]:
        """The latest report on each run that could be read."""
        return {str(path): one.report for path, one in self._followed.items() if one.report is not None}

    def _again(self, source: logs.Source, one: _Followed) -> Iterator[News]:
        name, before = str(source.path), one.report
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", jsonl.HalfWrittenLine)  # of a log that grows, this is no news
                run = logs.read(source)
        except UserError as error:
            if str(error) != one.error:
                one.error = str(error)
                yield News(name, before.run.last_step if before else 0, error=one.error)
            return
        one.error, one.status = "", None if source.files else str(run.meta.get("status"))
        one.report = examine(run, self._settings)
        for change in changes(before, one.report):
            yield News(name, run.last_step, change)


def stamp(source: logs.Source) -> Stamp:
    """What tells, without reading, whether the files of a run changed."""
    files = source.files or tuple(source.path / name for name in ("run.json", "signals.jsonl", "probes.jsonl"))
    found = [(file, file.stat()) for file in files if file.exists()]
    return tuple((str(file), about.st_size, about.st_mtime_ns) for file, about in found)
