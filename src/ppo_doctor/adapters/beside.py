"""Hyper-parameters beside a log: config.json, args.json, params.json, YAML, the JSON part of an SB3 model zip.

Nothing is ever unpickled: a hostile file cannot run code. What cannot be read is passed over.
"""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ppo_doctor.adapters import opening, yaml
from ppo_doctor.adapters.tables.jsonl import flat
from ppo_doctor.errors import UserError

JSON_NAMES = ("config.json", "args.json", "params.json", "hyperparameters.json", "hyperparams.json")
YAML_NAMES = ("config", "args", "params", "hyperparameters", "hyperparams", "configuration", "agent", "env")
LARGEST = 1 << 22
"""Bytes of a file of settings, unpacked."""
MOST_ZIPS = 8
PAIR = re.compile(r"^\|([^|\n]+)\|([^|\n]*)\|\s*$", re.MULTILINE)
"""A row of the table of hyper-parameters that CleanRL logs as text."""


def settings(folder: Path) -> tuple[dict[str, Any], list[str]]:
    """(name with its path -> number or word, files they come from), from `folder` and, for YAML, one folder in it."""
    found: dict[str, Any] = {}
    where: list[str] = []
    for path, reads in _candidates(folder):
        try:
            entries = reads(path)
        except (UserError, OSError, ValueError, KeyError, RecursionError, zipfile.BadZipFile, zlib.error, EOFError):
            continue
        except (NotImplementedError, RuntimeError):  # an archive with an unknown or encrypted member
            continue
        if entries:
            found = {**entries, **found}
            where.append(str(path))
    return found, where


def written_in_log(words: Mapping[str, str]) -> dict[str, str]:
    """Hyper-parameters that the log itself holds: cells of text, and CleanRL's table of them."""
    found = dict(words)
    for text in words.values():
        found |= {name.strip(): value.strip() for name, value in PAIR.findall(text) if name.strip(" -")}
    return found


def _candidates(folder: Path) -> list[tuple[Path, Any]]:
    """Files of settings by rank, each with its reader."""
    names: list[tuple[Path, Any]] = [(folder / name, _json) for name in JSON_NAMES]
    places = [folder, *(folder / name for name in ("params", "run_logs"))]
    names += [(place / f"{stem}.{end}", _yaml) for place in places for stem in YAML_NAMES for end in ("yml", "yaml")]
    names = [(path, reads) for path, reads in names if path.is_file()]
    try:
        zips = sorted(path for path in folder.glob("*.zip") if path.is_file())[:MOST_ZIPS]
    except OSError:
        zips = []
    return names + [(path, model) for path in zips]


def _text(path: Path) -> str:
    with opening.opened(path) as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise UserError(f"{path} is too large for a file of settings")
    return data.decode("utf-8-sig", "replace")


def _json(path: Path) -> dict[str, Any]:
    entry = json.loads(_text(path))
    return dict(flat(entry)) if isinstance(entry, dict) else {}


def _yaml(path: Path) -> dict[str, Any]:
    return yaml.flat(_text(path))


def model(path: Path) -> dict[str, Any]:
    """Settings of an SB3 model: the plain entries of its `data`, which is JSON; pickled ones are left alone."""
    with zipfile.ZipFile(path) as archive:
        entry = archive.getinfo("data")
        if entry.file_size > LARGEST:
            raise UserError(f"{path}: data unpacks to {entry.file_size} bytes: no SB3 model")
        with archive.open(entry) as file:
            data = json.loads(file.read(LARGEST + 1))
    if not isinstance(data, dict) or "policy_class" not in data:
        return {}
    found: dict[str, Any] = {name: value for name, value in data.items() if isinstance(value, int | float | str)}
    space = data.get("action_space")
    if isinstance(space, dict) and "Discrete'" in str(space.get(":type:")) and "Multi" not in str(space.get(":type:")):
        found["n_actions"] = space.get("n")
    clip = data.get("clip_range")
    if isinstance(clip, int | float):
        found["clip_range"] = clip
    return found
