"""NumPy archives with a vector `timesteps`, as SB3's EvalCallback writes them. Nothing is unpickled."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

import numpy as np

from ppo_doctor.adapters import opening
from ppo_doctor.adapters.table import Column, Table
from ppo_doctor.errors import UserError

LARGEST = 1 << 27
"""Bytes of one array."""


def recognises(name: str, head: bytes) -> bool:
    """An archive that is called so."""
    return name.endswith(".npz") and head.startswith(b"PK")


def read(path: Path) -> Table:
    """Each array that has as many rows as `timesteps`, its rows averaged. Raises `UserError`."""
    try:
        with opening.opened(path) as file, zipfile.ZipFile(file) as archive:
            arrays = {
                entry.filename.removesuffix(".npy"): _array(archive, entry, path)
                for entry in archive.infolist()
                if entry.filename.endswith(".npy")
            }
    except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, NotImplementedError, RuntimeError) as error:
        raise UserError(f"{path} is not an archive of plain numbers: {error}") from None
    steps = arrays.pop("timesteps", np.zeros(0))
    if steps.ndim != 1 or not len(steps) or not np.isfinite(steps).all() or np.abs(steps).max() > 2**62:
        raise UserError(f"{path} holds no vector `timesteps`: not the evaluations of SB3")
    rows = steps.astype(np.int64)
    columns = {
        name: Column(rows, array.reshape(len(rows), -1).mean(axis=1))
        for name, array in arrays.items()
        if len(array.shape) and len(array) == len(rows) and array.size
    }
    return Table(path, "npz", columns, stepped=True)


def _array(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path) -> np.ndarray:
    if entry.file_size > LARGEST:
        raise UserError(f"{path}: {entry.filename} unpacks to {entry.file_size} bytes: not evaluations")
    with archive.open(entry) as file:
        version = np.lib.format.read_magic(file)
        header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, dtype = header(file)
        if dtype.hasobject or dtype.kind not in "fiub":
            raise UserError(f"{path}: {entry.filename} holds {dtype} objects, which are never loaded")
        if int(np.prod(shape, dtype=object)) * dtype.itemsize > LARGEST:
            raise UserError(f"{path}: {entry.filename} claims the shape {shape}: not evaluations")
    with archive.open(entry) as file:
        return np.lib.format.read_array(file, allow_pickle=False).astype(np.float64)
