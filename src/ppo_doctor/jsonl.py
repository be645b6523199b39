"""JSON on disk that survives crashes: files replaced atomically, logs that only grow by whole lines under a lock.

Strict JSON has no NaN or infinity, and those are our best evidence: they are written as "nan", "inf" and "-inf".
"""

from __future__ import annotations

import fcntl
import json
import math
import os
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ppo_doctor.errors import UserError

NONFINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


class HalfWrittenLine(UserWarning):
    """The last line of a log was cut short by a crash, and is left out."""


def encode(value: Any) -> Any:
    """`value` as strict JSON: mappings, sequences, paths, words, None, and anything with `tolist()` (NumPy, JAX)."""
    if value is None or isinstance(value, bool | str | int):
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else repr(float(value))
    if isinstance(value, Mapping):
        return {str(key): encode(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [encode(entry) for entry in value]
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    return encode(value.tolist())


def number(value: Any) -> float | None:
    """The number that `encode` wrote, or None if `value` is not one."""
    if isinstance(value, str):
        return NONFINITE.get(value)
    return float(value) if isinstance(value, int | float) else None


@contextmanager
def plain_errors(path: Path, doing: str) -> Iterator[None]:
    """Turn the operating system's refusals (full disk, read-only, no permission) into one clear line."""
    try:
        yield
    except BlockingIOError:
        raise UserError(
            f"{path.parent} is being written by another process: wait for it, or choose another run"
        ) from None
    except OSError as error:
        raise UserError(f"cannot {doing} {path}: {error.strerror or error}") from error


def write_json(path: Path, value: Any) -> None:
    """Write `value` to `path` so that a crash leaves the old file or the new one, never half of one."""
    text = json.dumps(encode(value), indent=1, allow_nan=False) + "\n"
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    with plain_errors(path, "write"):
        try:
            with scratch.open("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.replace(scratch, path)
        finally:
            scratch.unlink(missing_ok=True)


def read_json(path: Path) -> dict[str, Any]:
    """The object in `path`. Raises `UserError` naming file and line if there is none."""
    with plain_errors(path, "read"):
        data = path.read_bytes()
    return _object(data, path, first_line=1)


def read_lines(path: Path) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """(line number, offset of the line's end in bytes, object) of each line; a half-written last one only warns.

    Raises `UserError` naming file and line for anything else that is not an object.
    """
    with plain_errors(path, "read"):
        data = path.read_bytes()
    end = 0
    for line, raw in enumerate(_whole_lines(data, path).split(b"\n")[:-1], start=1):
        end += len(raw) + 1
        if raw.strip():
            yield line, end, _object(raw, path, first_line=line)


def _whole_lines(data: bytes, path: Path) -> bytes:
    whole = data[: data.rfind(b"\n") + 1]
    if whole != data:
        lines = whole.count(b"\n") + 1
        where = f"{path}:{lines}"
        message = f"{where}: the last line is half-written (the run was killed, or still writes): left out"
        warnings.warn(message, HalfWrittenLine, stacklevel=2)
    return whole


def _object(data: bytes, path: Path, first_line: int) -> dict[str, Any]:
    advice = "restore the file from a copy, or remove the run"
    try:
        value = json.loads(data)
    except json.JSONDecodeError as error:
        where = f"{path}:{first_line + error.lineno - 1}"
        raise UserError(f"{where}: not JSON ({error.msg}, column {error.colno}); {advice}") from None
    except UnicodeDecodeError as error:
        line = first_line + data.count(b"\n", 0, error.start)
        raise UserError(f"{path}:{line}: not text (byte {error.start}); {advice}") from None
    if not isinstance(value, dict):
        raise UserError(f"{path}:{first_line}: holds {type(value).__name__} instead of an object; {advice}")
    return value


class Log:
    """An append-only file of JSON lines with one writer, who holds a lock until `close`.

    Each line reaches the operating system at once, so a killed process loses nothing; it reaches the disk at the
    latest `sync_seconds` after, so a power cut loses no more than that.
    """

    def __init__(self, path: Path, sync_seconds: float = 10.0) -> None:
        """Open or create `path`, lock it, cut off a half-written last line with a warning.

        Raises `UserError` if another writer holds it.
        """
        self.path = path
        self._sync_seconds = sync_seconds
        self._synced = time.monotonic()
        with plain_errors(path, "open"):
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                data = path.read_bytes()
                if not data.endswith(b"\n"):
                    os.ftruncate(self._file, len(_whole_lines(data, path)))
            except BaseException:
                os.close(self._file)
                raise

    def append(self, value: Mapping[str, Any]) -> None:
        """Add one line. If the disk refuses, the file is left as it was and `UserError` raised."""
        data = json.dumps(encode(value), allow_nan=False, separators=(",", ":")).encode() + b"\n"
        with plain_errors(self.path, "write"):
            before = os.fstat(self._file).st_size
            try:
                written = 0
                while written < len(data):
                    written += os.write(self._file, data[written:])
            except OSError:
                os.ftruncate(self._file, before)
                raise
        if time.monotonic() - self._synced > self._sync_seconds:
            self.sync()

    def keep(self, size: int) -> None:
        """Drop everything after the first `size` bytes."""
        with plain_errors(self.path, "shorten"):
            os.ftruncate(self._file, size)
        self.sync()

    def sync(self) -> None:
        """Wait until everything written is on the disk."""
        with plain_errors(self.path, "write"):
            os.fsync(self._file)
        self._synced = time.monotonic()

    @property
    def closed(self) -> bool:
        """Whether the lock is released."""
        return self._file < 0

    def close(self) -> None:
        """Write out and release the lock; closing twice does nothing."""
        if not self.closed:
            try:
                self.sync()
            finally:
                os.close(self._file)
                self._file = -1
