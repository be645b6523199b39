"""Live progress of a training: bars on a terminal, one line an evaluation elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from ppo_doctor.train.job import Failure, Job
from ppo_doctor.train.job import Progress as Word


class Display:
    """Shows what happens on standard error, so that standard output stays for results. A context manager."""

    def __init__(self, jobs: Sequence[Job], quiet: bool = False) -> None:
        self._jobs = {job.seed: job for job in jobs}
        self._console = Console(file=sys.stderr, quiet=quiet, soft_wrap=True, highlight=False)
        self._bars = self._console.is_terminal and not quiet
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.percentage:>3.0f}%  {task.fields[words]}"),
            console=self._console,
            disable=not self._bars,
        )
        self._tasks: dict[int, TaskID] = {}
        self._first: dict[int, tuple[float, int]] = {}
        self._last: dict[int, Word] = {}
        self._scores: dict[int, float] = {}
        self._again: dict[int, float] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        for seed, job in self._jobs.items():
            total = job.config.n_updates
            self._tasks[seed] = self._progress.add_task(f"seed {seed}", total=total, words="starting (compiling)")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def note(self, text: str) -> None:
        """Say something between the progress."""
        self._progress.console.print(text, markup=False)

    def show(self, event: Word | Failure) -> None:
        """Show one event."""
        if isinstance(event, Failure):
            self._progress.update(self._tasks[event.seed], words="failed")
            self.note(f"seed {event.seed}: {event.message}")
            return
        self._first.setdefault(event.seed, (time.monotonic(), event.step))
        self._last[event.seed] = event
        if event.score is None and event.update < event.updates and time.monotonic() < self._again.get(event.seed, 0.0):
            return
        self._again[event.seed] = time.monotonic() + 0.2
        words = self._words(event)
        if self._bars:
            self._progress.update(self._tasks[event.seed], completed=event.update, words=words)
        elif event.score is not None:
            self.note(f"seed {event.seed}  update {event.update}/{event.updates}  {words}")

    def _words(self, event: Word) -> str:
        parts = [f"{event.step:,} steps", f"{event.signals.get('steps_per_second', float('nan')):,.0f}/s"]
        if event.score is not None:
            self._scores[event.seed] = event.score
        if (value := self._scores.get(event.seed)) is not None:
            best = "" if event.best is None else f" (best {event.best:,.4g})"
            parts.append(f"eval {value:,.4g}{best}")
        return "  ".join([*parts, f"left {clock(self.seconds_left())}"])

    def seconds_left(self) -> float:
        """Time left for all seeds together, at the pace so far; NaN before there is one."""
        now = time.monotonic()
        begun = {seed: now - start for seed, (start, _) in self._first.items()}
        steps = sum(self._last[seed].step - self._first[seed][1] for seed in begun)
        if not begun or steps <= 0:
            return float("nan")
        pace = steps / max(begun.values())
        total = sum(job.config.n_updates * job.config.rollout_rows for job in self._jobs.values())
        return (total - sum(word.step for word in self._last.values())) / pace


def clock(seconds: float) -> str:
    """Seconds as "1:02:03" or "2:03"; "?" where unknown."""
    if seconds != seconds:
        return "?"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
