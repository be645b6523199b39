"""Reader of the Standard Workload Format, the log format of the Parallel Workloads Archive. NumPy only.

Eighteen columns a line, `-1` is unknown, `;` lines are the header (Chapin et al. 1999). What a scheduler simulation
needs of a job is four numbers; the rules that make them are those of RLScheduler (Zhang et al., SC 2020), so that its
published figures can be reproduced:

- run time 0 (cancelled before it ran): dropped; run time unknown: 10 s;
- size = max(allocated, requested) processors; unknown both: dropped;
- request time unknown or not positive: the run time.
"""

from __future__ import annotations

import gzip
import os
import re
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from ppo_doctor.errors import UserError

COLUMNS = 18
UNKNOWN_RUN_SECONDS = 10
TRACES = {
    "lublin-1": "lublin_256.swf.gz",
    "lublin-2": "lublin_256_new2.swf.gz",
    "hpc2n": "HPC2N-2002-2.2-cln.swf.gz",
    "ctc": "CTC-SP2-1996-3.1-cln.swf.gz",
}


@dataclass(frozen=True)
class Jobs:
    """A cleaned trace: jobs in order of submission.

    submit: seconds since the log began. run, request: seconds, positive. procs: in [1, processors]. Each int64 [jobs].
    dropped: how many lines were left out, by reason.
    """

    name: str
    processors: int
    submit: np.ndarray
    run: np.ndarray
    request: np.ndarray
    procs: np.ndarray
    dropped: dict[str, int]

    def __len__(self) -> int:
        return len(self.submit)

    def head(self, n: int) -> Jobs:
        """The first `n` jobs."""
        cut = (self.submit[:n], self.run[:n], self.request[:n], self.procs[:n])
        return Jobs(self.name, self.processors, *cut, dropped=self.dropped)


def data_folder() -> Path:
    """Folder of the traces: `$PPO_DOCTOR_DATA/job_scheduling`, else `data/job_scheduling` of the repository."""
    given = os.environ.get("PPO_DOCTOR_DATA")
    root = Path(given) if given else Path(__file__).resolve().parents[3] / "data"
    return root / "job_scheduling"


def locate(trace: str) -> Path:
    """File of a trace by its short name (`TRACES`), or `trace` itself as a path. Raises `UserError` if it is absent."""
    path = data_folder() / TRACES[trace] if trace in TRACES else Path(trace)
    if path.is_file():
        return path
    if trace in TRACES:
        raise UserError(f"trace {trace} not found at {path}: set PPO_DOCTOR_DATA to the repository's data folder")
    raise UserError(f"no trace {trace!r}: give a path to an SWF file or one of {', '.join(TRACES)}")


def read(path: str | Path, processors: int | None = None) -> Jobs:
    """Read an SWF file, plain or gzip.

    processors: size of the machine; by default MaxProcs, else MaxNodes, of the header.
    Raises `UserError` naming file (and line) for a missing, truncated or malformed file.
    """
    path = Path(path)
    return _read_cached(path, processors, path.stat().st_mtime_ns if path.exists() else 0)


@lru_cache(maxsize=8)
def _read_cached(path: Path, processors: int | None, _modified: int) -> Jobs:
    lines = _lines(path)
    table = _table(path, lines)
    if processors is None:
        processors = _processors(path, lines)
    return _clean(path, table, processors)


def _lines(path: Path) -> list[str]:
    """The file's text, one string a line. Raises `UserError` if it cannot be read whole."""
    try:
        raw = path.read_bytes()
        if raw[:2] == b"\x1f\x8b":
            raw = gzip.decompress(raw)
        return raw.decode("utf-8", errors="replace").splitlines()
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UserError(f"{path}: damaged or truncated gzip file ({error}); copy it again") from error
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror or error})") from error


def _table(path: Path, lines: list[str]) -> np.ndarray:
    """The numbers of the job lines, float64 [jobs, 18]. Raises `UserError` naming the first malformed line."""
    rows = [(number, line.split()) for number, line in enumerate(lines, 1) if line.strip() and line.lstrip()[0] != ";"]
    if not rows:
        raise UserError(f"{path}: holds no job lines; is it a Standard Workload Format file?")
    for number, row in rows:
        if len(row) != COLUMNS:
            raise UserError(f"{path}, line {number}: {len(row)} fields, a Standard Workload Format line has {COLUMNS}")
    try:
        table = np.array([row for _, row in rows], dtype=np.float64)
    except ValueError:
        table = np.array([_numbers(path, number, row) for number, row in rows])
    unusable = ~np.isfinite(table).all(axis=1) | (table[:, 1] < 0)
    if unusable.any():
        number = rows[int(np.argmax(unusable))][0]
        raise UserError(f"{path}, line {number}: submit time negative or a field not finite")
    return table


def _numbers(path: Path, number: int, row: list[str]) -> list[float]:
    """The fields of one line. Raises `UserError` naming the line and the field."""
    values = []
    for column, text in enumerate(row, 1):
        try:
            values.append(float(text))
        except ValueError:
            raise UserError(f"{path}, line {number}: field {column} is {text!r}, not a number") from None
    return values


def _processors(path: Path, lines: list[str]) -> int:
    """Machine size of the header. `MaxNodes: 338 (batch partition; 512 total)` means 338: the first integer counts."""
    for key in ("MaxProcs", "MaxNodes"):
        for line in lines:
            found = re.match(rf"\s*;\s*{key}:\s*(\d+)", line)
            if found and int(found.group(1)) > 0:
                return int(found.group(1))
    raise UserError(f"{path}: the header names neither MaxProcs nor MaxNodes; give the machine size (processors=...)")


def _clean(path: Path, table: np.ndarray, processors: int) -> Jobs:
    """Apply the rules of the module's docstring and sort by submission (stable)."""
    submit, run, allocated, requested, request = (table[:, column].astype(np.int64) for column in (1, 3, 4, 7, 8))
    procs = np.maximum(allocated, requested)
    cancelled, sizeless, too_large = run == 0, procs <= 0, procs > processors
    run = np.where(run < 0, UNKNOWN_RUN_SECONDS, run)
    request = np.where(request <= 0, run, request)
    keep = ~(cancelled | sizeless | too_large)
    if not keep.any():
        raise UserError(f"{path}: no job is left after dropping cancelled, sizeless and too large ones")
    if submit.max() + run.max() >= 2**30:
        raise UserError(f"{path}: times reach beyond 2^30 s (34 years), too long for 32-bit clocks")
    order = np.flatnonzero(keep)[np.argsort(submit[keep], kind="stable")]
    dropped = {
        "cancelled (run time 0)": int(cancelled.sum()),
        "no processors": int((sizeless & ~cancelled).sum()),
        "larger than the machine": int((too_large & ~cancelled).sum()),
    }
    return Jobs(path.name, processors, submit[order], run[order], request[order], procs[order], dropped)
