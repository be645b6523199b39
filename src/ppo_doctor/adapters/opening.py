"""Opening files that others wrote: plain or gzip'd, of any size, possibly hostile. All trouble is one `UserError`."""

from __future__ import annotations

import codecs
import gzip
import io
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from ppo_doctor.errors import UserError

LONGEST_LINE = 1 << 24
"""Bytes; a longer line is no row of a log."""
EXPANSION = 200
"""A compressed log larger than `FREE` that grows by more than this is refused: numbers in text grow 3 to 20 times."""
FREE = 1 << 26
"""Bytes a compressed file may always expand to."""


class _Measured(io.RawIOBase):
    """A decompressed stream that refuses to grow without end."""

    def __init__(self, inner: gzip.GzipFile, most: int, path: Path) -> None:
        self._inner, self._most, self._path, self._seen = inner, most, path, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # pyright: ignore[reportIncompatibleMethodOverride]
        try:
            data = self._inner.read1(len(buffer))
        except EOFError:  # cut short: what came before is read
            return 0
        self._seen += len(data)
        if self._seen > self._most:
            raise UserError(
                f"{self._path}: expands more than {EXPANSION} times: not a log; unpack it yourself if it is"
            )
        buffer[: len(data)] = data
        return len(data)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The bytes of a regular file, unpacked if it is gzip'd. Raises `UserError` for anything that cannot be read.

    A gzip'd file that was cut short just ends there.
    """
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            raise UserError(f"{path} is not a file: name a log file, or a folder with log files")
        with path.open("rb") as file:
            if file.read(2) != b"\x1f\x8b":
                file.seek(0)
                yield file
                return
            file.seek(0)
            most = max(FREE, EXPANSION * path.stat().st_size)
            with gzip.GzipFile(fileobj=file) as unpacked:
                yield cast(BinaryIO, io.BufferedReader(_Measured(unpacked, most, path), 1 << 16))
    except (gzip.BadGzipFile, zlib.error) as error:
        raise UserError(f"{path}: damaged gzip file ({error})") from None
    except OSError as error:
        raise UserError(f"cannot read {path}: {error.strerror or error}") from None


def head(path: Path, size: int = 1 << 13) -> bytes:
    """The first bytes, unpacked."""
    with opened(path) as file:
        return file.read(size)


def lines(path: Path) -> Iterator[str]:
    """The lines of a text file, one at a time, with their ends; whatever is not UTF-8 or UTF-16 becomes U+FFFD.

    Raises `UserError` for a line longer than `LONGEST_LINE`.
    """
    start = head(path, 4)
    wide = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    with opened(path) as file:
        text = io.TextIOWrapper(file, "utf-16" if wide else "utf-8-sig", errors="replace", newline="")
        try:
            while line := text.readline(LONGEST_LINE):
                if len(line) == LONGEST_LINE:
                    raise UserError(f"{path}: a line has more than {LONGEST_LINE} characters: not a log")
                yield line
        except UnicodeError:
            return  # UTF-16 cut in the middle of a character
        finally:
            text.detach()
