"""From words of the command line to a training: plan its jobs, run them with live progress, stop them well."""

from __future__ import annotations

import contextlib
import inspect
import signal
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ppo_doctor import jsonl, runs
from ppo_doctor.errors import UserError
from ppo_doctor.progress import Display
from ppo_doctor.train import envs, seeds, settings
from ppo_doctor.train.config import Config
from ppo_doctor.train.job import LAST_SEED, Failure, Job, Progress, parse, read

GROUP = "group.json"
"""In the directory of a run with several seeds: its jobs, also those that have not begun."""


@dataclass(frozen=True)
class Plan:
    """What is to be trained; `jobs` puts it into a directory."""

    system: str
    params: Mapping[str, Any]
    config: Config
    seeds: tuple[int, ...]
    eval_every: int
    eval_episodes: int

    def jobs(self, path: Path) -> list[Job]:
        """One job a seed: the directory itself for one, `seed<k>` in it for several."""
        several = len(self.seeds) > 1
        if several:
            jsonl.write_json(path / GROUP, {"seeds": self.seeds, "job": self._job(self.seeds[0], path).meta()})
        return [self._job(seed, path / f"seed{seed}" if several else path) for seed in self.seeds]

    def _job(self, seed: int, path: Path) -> Job:
        return Job(self.system, self.params, self.config, seed, path, self.eval_every, self.eval_episodes)


def system(name: str) -> Any:
    """The module of a system. Raises `UserError` with close matches."""
    if name not in envs.names():
        raise UserError(f"unknown system {name!r}; {settings.nearest(name, envs.names())}")
    seeds.keep_compiled()
    return envs.module(name)


def plan(
    name: str,
    seed_numbers: Sequence[int],
    words: Sequence[str] = (),
    config: str = "default",
    steps: int | None = None,
    eval_every: int | None = None,
    eval_episodes: int = 16,
) -> Plan:
    """A plan from what the user wrote; `words` are `name=value`. Raises `UserError` for anything unknown."""
    module = system(name)
    if config not in module.CONFIGS:
        raise UserError(f"{name} has no configuration {config!r}; {settings.nearest(config, module.CONFIGS)}")
    different = len(set(seed_numbers)) == len(seed_numbers) > 0
    if not different or not all(0 <= seed <= LAST_SEED for seed in seed_numbers):
        raise UserError(f"--seeds needs different whole numbers from 0 to {LAST_SEED}")
    pairs = settings.pairs(words)
    preset = getattr(module, "PARAMS", {}).get(config, {})
    params = [(name, str(value)) for name, value in preset.items()]
    params += [(key.removeprefix("env."), value) for key, value in pairs if key.startswith("env.")]
    chosen = settings.assign(module.CONFIGS[config], [pair for pair in pairs if not pair[0].startswith("env.")])
    chosen = chosen if steps is None else replace(chosen, total_steps=steps)
    if min(chosen.n_envs, chosen.n_steps, chosen.total_steps) < 1:
        raise UserError("n_envs, n_steps and total_steps must be at least 1")
    every = -(-chosen.n_updates // 20) if eval_every is None else eval_every
    if min(every, eval_episodes) < 1:
        raise UserError("--eval-every and --eval-episodes must be at least 1")
    known = settings.parameters(module.make, params, name)
    return Plan(name, known, chosen, tuple(seed_numbers), every, eval_episodes)


def planned(path: Path) -> list[Job]:
    """The jobs of a run that exists, to go on with. Raises `UserError` if it holds none that can."""
    if not (path / GROUP).is_file():
        return [read(run) for run in runs.members(path)]
    group = jsonl.read_json(path / GROUP)
    try:
        return [parse(group["job"] | {"seed": seed}, path / f"seed{seed}") for seed in group["seeds"]]
    except (KeyError, TypeError) as error:
        raise UserError(f"{path / GROUP} does not describe a training ({error}); it cannot be resumed") from None


@dataclass
class Ending:
    """How a training ended."""

    last: dict[int, Progress]
    """Latest progress by seed."""
    failures: list[Failure]
    interrupted: bool = False
    said: int = 0

    def note(self, event: Progress | Failure) -> None:
        """Take in one event."""
        if isinstance(event, Failure):
            self.failures.append(event)
        else:
            self.last[event.seed] = event

    def unsaid(self) -> list[Failure]:
        """Failures since the last call."""
        fresh, self.said = self.failures[self.said :], len(self.failures)
        return fresh


def train(jobs: Sequence[Job], resume: bool = False, quiet: bool = False) -> Ending:
    """Run jobs to their end, showing progress; on Ctrl-C let every seed save. Raises `UserError` if all failed."""
    ending = Ending({}, [])
    with Display(jobs, quiet) as display, _interrupts(display, seeds.accelerated()) as interrupts:
        stream = seeds.run(jobs, resume)
        try:
            for event in stream:
                ending.note(event)
                if ending.last:  # if none ever gets going, the one error at the end says it all
                    for failure in ending.unsaid():
                        display.show(failure)
                if isinstance(event, Progress):
                    display.show(event)
                if interrupts:
                    raise KeyboardInterrupt
        except KeyboardInterrupt:
            stream.close()
            ending.interrupted = True
    if len(ending.failures) == len(jobs):
        raise UserError("; ".join(sorted({failure.message for failure in ending.failures})))
    return ending


@contextlib.contextmanager
def _interrupts(display: Display, deferred: bool) -> Iterator[list[int]]:
    """SIGINT and SIGTERM raise `KeyboardInterrupt`; if deferred, the first is only noted, so that no update is torn."""
    seen: list[int] = []

    def note(number: int, frame: Any) -> None:
        del frame
        seen.append(number)
        if len(seen) == 1:
            display.note("stopping: every seed saves first; press Ctrl-C again to stop at once")
        if not deferred or len(seen) > 1:
            raise KeyboardInterrupt

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield seen
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def discard_empty(path: Path) -> None:
    """Remove the directory of a training that never began, so that a mistake leaves nothing behind."""
    with contextlib.suppress(OSError):
        if not [entry for entry in path.iterdir() if entry.name != GROUP]:
            (path / GROUP).unlink(missing_ok=True)
            path.rmdir()


def parameters(module: Any) -> dict[str, Any]:
    """Parameters of a system's environment with their defaults, for `--set env.NAME=value`."""
    signature = inspect.signature(module.make)
    return {name: p.default for name, p in signature.parameters.items() if name != "split"}
