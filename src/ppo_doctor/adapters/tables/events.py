"""TensorBoard event files: TFRecord framing and the few protobuf fields of scalars and texts, without TensorFlow.

Record: length (uint64), its CRC, data, its CRC. Event: step = 2, summary = 5. Summary: value = 1. Value: tag = 1,
simple_value = 2, tensor = 8. TensorProto: dtype = 1, tensor_content = 4, float_val = 5, double_val = 6, int_val = 7,
string_val = 8, int64_val = 10 (tensorflow/core/{util/event,framework/summary,framework/tensor}.proto). Checksums are
not verified: a damaged record shows in what it holds.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from ppo_doctor.adapters import opening
from ppo_doctor.adapters.table import MOST_COLUMNS, Growing, Table
from ppo_doctor.errors import UserError

LARGEST_RECORD = 1 << 28
"""Bytes; images and graphs are large, nothing is larger than this."""
VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
NUMBERS = {1: "f", 2: "d", 3: "i", 9: "q"}
"""TensorProto.dtype -> format of one number in tensor_content: float, double, int32, int64."""
STRING = 7
LISTS = {5: "f", 6: "d"}
"""Field of TensorProto -> format of its packed numbers."""
INTEGERS = (7, 10)
"""Fields of TensorProto that hold varints, packed or not."""
LENGTHS = {FIXED64: 8, FIXED32: 4}


def recognises(name: str, head: bytes) -> bool:
    """A file with "tfevents" in its name, or with a record that tells the version of its format."""
    return bool(head) and (".tfevents" in name or "tfevents." in name or b"brain.Event:" in head[:64])


def read(path: Path) -> Table:
    """The scalars by tag, with their steps. Reading ends at the first damaged record, which a note tells."""
    columns: dict[str, Growing] = {}
    words: dict[str, str] = {}
    notes = []
    with opening.opened(path) as file:
        count = 0
        try:
            for record in records(file):
                for step, tag, value in scalars(record):
                    if isinstance(value, str):
                        words[tag] = value
                        continue
                    if tag not in columns and len(columns) >= MOST_COLUMNS:
                        raise UserError(f"{path}: more than {MOST_COLUMNS} tags: not the log of a training")
                    columns.setdefault(tag, Growing()).add(step, value)
                count += 1
        except (EOFError, ValueError, struct.error, IndexError) as error:
            notes.append(f"{path.name}: damaged or cut short after record {count} ({error or 'end of file'})")
    named = {name: grown.done() for name, grown in columns.items()}
    return Table(path, "events", named, stepped=True, words=words, notes=tuple(notes))


def records(file: BinaryIO) -> Iterator[memoryview]:
    """The data of each record. Raises `ValueError` for a length that cannot be, `EOFError` for a half record."""
    while head := file.read(12):
        if len(head) < 12:
            raise EOFError("half a record")
        length = int.from_bytes(head[:8], "little")
        if length > LARGEST_RECORD:
            raise ValueError(f"a record of {length} bytes")
        data = file.read(length + 4)
        if len(data) < length + 4:
            raise EOFError("half a record")
        yield memoryview(data)[:length]


def scalars(record: memoryview) -> Iterator[tuple[int, str, float | str]]:
    """(step, tag, number or text) of one event."""
    step, summaries = 0, []
    for number, kind, integer, data in fields(record):
        if number == 2 and kind == VARINT:
            step = _signed(integer)
        elif number == 5 and kind == BYTES:
            summaries.append(data)
    for summary in summaries:
        for number, kind, _, data in fields(summary):
            if number == 1 and kind == BYTES and (found := _value(data)) is not None:
                yield (step, *found)


def _value(message: memoryview) -> tuple[str, float | str] | None:
    tag, found = "", None
    for number, kind, _, data in fields(message):
        if number == 1 and kind == BYTES:
            tag = bytes(data).decode("utf-8", "replace")
        elif number == 2 and kind == FIXED32:
            found = struct.unpack("<f", data)[0]
        elif number == 8 and kind == BYTES:
            found = _tensor(data)
    return None if found is None or not tag else (tag, found)


def _tensor(message: memoryview) -> float | str | None:
    """The one number, or the first text, of a tensor; None if it holds several numbers or another type."""
    dtype, found = 0, None
    for number, kind, integer, data in fields(message):
        if number == 1 and kind == VARINT:
            dtype = integer
        elif number == 4 and kind == BYTES:
            found = _one(data, NUMBERS.get(dtype))
        elif number in LISTS:
            found = _one(data, LISTS[number])
        elif number in INTEGERS and kind == VARINT:
            found = float(_signed(integer))
        elif number in INTEGERS and len(data):
            inner, end = _varint(data, 0)
            found = float(_signed(inner)) if end == len(data) else None
        elif number == 8 and kind == BYTES and dtype == STRING and found is None:
            found = bytes(data).decode("utf-8", "replace")
    return found


def _one(data: memoryview, form: str | None) -> float | None:
    """The number that `data` holds in `form`, if it holds exactly one."""
    if form is None or len(data) != struct.calcsize(f"<{form}"):
        return None
    return float(struct.unpack(f"<{form}", data)[0])


def fields(message: memoryview) -> Iterator[tuple[int, int, int, memoryview]]:
    """(number, wire type, integer, bytes) of each field of a message: the integer of a varint, else the bytes.

    Raises `ValueError` or `IndexError` where it is no message.
    """
    position, size = 0, len(message)
    while position < size:
        key, position = _varint(message, position)
        kind = key & 7
        integer, length = 0, LENGTHS.get(kind, 0)
        if kind == VARINT:
            integer, position = _varint(message, position)
        elif kind == BYTES:
            length, position = _varint(message, position)
        elif not length:
            raise ValueError(f"wire type {kind}")
        if position + length > size:
            raise ValueError("a field reaches beyond its message")
        yield key >> 3, kind, integer, message[position : position + length]
        position += length


def _varint(data: memoryview, position: int) -> tuple[int, int]:
    """(number, position behind it)."""
    byte = data[position]
    if byte < 0x80:
        return byte, position + 1
    result, shift = byte & 0x7F, 7
    while True:
        position += 1
        byte = data[position]
        result |= (byte & 0x7F) << shift
        if byte < 0x80:
            return result, position + 1
        shift += 7
        if shift > 63:
            raise ValueError("a number of more than 64 bits")


def _signed(value: int) -> int:
    value &= (1 << 64) - 1
    return value - (1 << 64) if value >> 63 else value
