"""A run directory: run.json, append-only signals.jsonl and probes.jsonl, evaluation.json, checkpoints/. Greppable.

with store.create(path, {"id": ..., "system": ..., "config": ..., "seed": ...}) as writer:
    for learner, stats in ppo.train(...):
        writer.append(step, update, stats)
run = store.load(path)
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import platform
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from ppo_doctor import __version__, jsonl, signals
from ppo_doctor.errors import UserError
from ppo_doctor.run import Run, Series, Value

SCHEMA = 1
"""Version of the directory's layout, in run.json."""
_LIBRARIES = ("numpy", "jax", "jaxlib", "equinox", "optax", "gymnasium", "stable-baselines3", "torch")


class Writer:
    """The one writer of a run directory, made by `create` or `open`. A context manager: leaving it finishes the run."""

    def __init__(self, path: Path, log: jsonl.Log, meta: dict[str, Any], last_step: int) -> None:
        self.path = path
        self._log = log
        self._meta = meta
        self._last_step = last_step

    def append(self, step: int, update: int, signals: Mapping[str, Any]) -> None:
        """Record one update's signals (numbers, or arrays of one number) at environment step `step`.

        Raises `ValueError` if steps do not rise, `UserError` if the disk refuses.
        """
        if step <= self._last_step:
            raise ValueError(f"{self.path}: step {step} after step {self._last_step}; one row an update")
        self._log.append({"step": int(step), "update": int(update), "signals": _numbers(signals)})
        self._last_step = int(step)

    def add_scalars(self, scalars: Mapping[str, Any]) -> None:
        """Record numbers of the whole run (`random_return`, `n_actions`...) in run.json."""
        self._update({"scalars": {**self._meta.get("scalars", {}), **_numbers(scalars)}})

    @property
    def scalars(self) -> Mapping[str, Any]:
        """The numbers of the whole run that were recorded so far."""
        return dict(self._meta.get("scalars", {}))

    def sync(self) -> None:
        """Wait until every row is on the disk: before a checkpoint, which must never be ahead of them."""
        self._log.sync()

    def write_json(self, name: str, value: Any) -> None:
        """Replace the file `name` of the directory by `value`, atomically."""
        jsonl.write_json(self.path / name, value)

    def finish(self, status: str = "finished") -> None:
        """Set the run's status, write everything to disk and release the directory."""
        try:
            self._update({"status": status, "ended": _now()})
        finally:
            self._log.close()

    def _update(self, changes: Mapping[str, Any]) -> None:
        self._meta.update(changes)
        self.write_json("run.json", self._meta)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._log.closed:
            return
        if kind is None:
            self.finish()
            return
        with contextlib.suppress(UserError):  # the error on its way out is the cause; a full disk must not hide it
            self.finish("interrupted" if issubclass(kind, KeyboardInterrupt | GeneratorExit) else "failed")


def create(path: Path | str, meta: Mapping[str, Any]) -> Writer:
    """Begin a run in the new directory `path`. Raises `UserError` if it holds a run already or cannot be written."""
    path = Path(path)
    with jsonl.plain_errors(path, "create"):
        path.mkdir(parents=True, exist_ok=True)
    log = jsonl.Log(path / "signals.jsonl")
    try:
        if (path / "run.json").exists():
            raise UserError(f"{path} already holds a run: resume it, or choose another name")
        log.keep(0)
        whole = {"schema": SCHEMA, "status": "running", "created": _now(), "versions": versions(), **meta}
        jsonl.write_json(path / "run.json", whole)
    except BaseException:
        log.close()
        raise
    return Writer(path, log, whole, last_step=-1)


def open(path: Path | str, after_step: int | None = None) -> Writer:
    """Go on with the run in `path`, dropping what was recorded after environment step `after_step`.

    With the step of the checkpoint it goes on from, the log ends up exactly as if the run had never stopped. A
    half-written last line is cut off with a warning. Raises `UserError` if another process writes, or for a corrupt
    file.
    """
    path = Path(path)
    meta = _meta(path)
    log = jsonl.Log(path / "signals.jsonl")
    try:
        size, last_step = 0, -1
        for _, end, row in _rows(path / "signals.jsonl"):
            if after_step is not None and row["step"] > after_step:
                break
            size, last_step = end, row["step"]
        log.keep(size)
        writer = Writer(path, log, meta, last_step)
        writer._update({"status": "running"})
    except BaseException:
        log.close()
        raise
    return writer


def load(path: Path | str) -> Run:
    """The run in directory `path`. Raises `UserError` naming file and line where something is missing or corrupt."""
    path = Path(path)
    meta = _meta(path)
    columns: dict[str, tuple[list[int], list[float]]] = {}
    file = path / "signals.jsonl"
    for line, _, row in _rows(file):
        for name, entry in row["signals"].items():
            steps, values = columns.setdefault(name, ([], []))
            steps.append(row["step"])
            values.append(_number(entry, name, file, line))
    named: dict[str, Series | Value] = {**scalars(meta), **_probes(path / "probes.jsonl")}
    caveats = meta.get("caveats") or {}
    for name, (steps, values) in columns.items():
        named[name] = Series(name, np.array(steps), np.array(values), caveat=caveats.get(name))
    return Run(str(path), named, meta, tuple(name for name in named if not signals.known(name)))


def append_probe(path: Path | str, name: str, signals: Mapping[str, Any]) -> None:
    """Record what the probe `name` measured on the run in `path`: scalars that `load` adds to its signals."""
    probes = jsonl.Log(Path(path) / "probes.jsonl")
    probes.append({"probe": name, "signals": _numbers(signals)})
    probes.close()


def list_runs(root: Path | str) -> list[Path]:
    """Every run directory below `root`, the seeds of a run included, in natural order (seed2 before seed10)."""
    found = {file.parent for pattern in ("run.json", "*/run.json", "*/*/run.json") for file in Path(root).glob(pattern)}
    return sorted(
        found, key=lambda path: [(int(s), "") if s.isdigit() else (-1, s) for s in re.split(r"(\d+)", str(path))]
    )


def versions() -> dict[str, str]:
    """Versions of this package, Python and the libraries a run depends on, as far as they are installed."""
    found = {"ppo-doctor": __version__, "python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _numbers(values: Mapping[str, Any]) -> dict[str, float]:
    return {name: int(value) if isinstance(value, int) else float(value) for name, value in values.items()}


def _meta(path: Path) -> dict[str, Any]:
    if not (path / "run.json").is_file():
        inner = [run.name for run in list_runs(path)]
        hint = f"it holds the runs {', '.join(inner)}: name one of them" if inner else "it has no run.json"
        raise UserError(f"{path} is not a run directory: {hint}")
    meta = jsonl.read_json(path / "run.json")
    if meta.get("schema") != SCHEMA:
        file = path / "run.json"
        raise UserError(f"{file}: schema {meta.get('schema')} cannot be read, this ppo-doctor reads schema {SCHEMA}")
    return meta


def _rows(file: Path) -> Any:
    """(line, end of line in bytes, row) of a checked signals.jsonl; nothing if there is no such file."""
    if not file.exists():
        return
    last = -1
    for line, end, row in jsonl.read_lines(file):
        step = row.get("step")
        if not isinstance(step, int) or not isinstance(row.get("signals"), dict):
            raise UserError(f'{file}:{line}: a row needs an integer "step" and an object "signals"')
        if step <= last:
            raise UserError(f"{file}:{line}: step {step} after step {last}; steps must rise")
        last = step
        yield line, end, row


def _number(entry: Any, name: str, file: Path, line: int) -> float:
    value = jsonl.number(entry)
    if value is None:
        raise UserError(f"{file}:{line}: {name} is {entry!r}, not a number")
    return value


def _probes(file: Path) -> dict[str, float]:
    if not file.exists():
        return {}
    found: dict[str, float] = {}
    for line, _, row in jsonl.read_lines(file):
        if not isinstance(row.get("signals"), dict):
            raise UserError(f'{file}:{line}: a row needs an object "signals"')
        found |= {name: _number(entry, name, file, line) for name, entry in row["signals"].items()}
    return found


def scalars(meta: Mapping[str, Any]) -> dict[str, Value]:
    """The run's hyper-parameters and references as scalar signals, from run.json."""
    found = _flat(meta.get("config") or {})
    found |= {name: value for name in ("seed", "system") if isinstance(value := meta.get(name), str | int | float)}
    found |= {
        name: value for name, entry in (meta.get("scalars") or {}).items() if (value := jsonl.number(entry)) is not None
    }
    if {"n_envs", "n_steps"} <= found.keys():
        found.setdefault("rollout_rows", found["n_envs"] * found["n_steps"] * found.get("n_agents", 1))
    return {name: value if isinstance(value, str) else float(value) for name, value in found.items()}


def _flat(config: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Numbers and words of a configuration; a schedule becomes `<name>_start` and `<name>_end`; parts are prefixed."""
    found: dict[str, Any] = {}
    for name, entry in config.items():
        name = prefix + name
        if isinstance(entry, Mapping) and "start" in entry:
            constant = entry.get("kind", "constant") == "constant"
            found |= {f"{name}_start": entry["start"], f"{name}_end": entry["start" if constant else "end"]}
        elif isinstance(entry, Mapping):
            found |= _flat(entry, f"{name}_")
        elif (value := jsonl.number(entry)) is not None:
            found |= (
                {f"{name}_start": value, f"{name}_end": value} if f"{name}_start" in signals.SIGNALS else {name: value}
            )
        elif isinstance(entry, str):
            found[name] = entry
    return found
