"""Finding runs by name or path. A training with several seeds is one run to the user: a directory of seeds."""

from __future__ import annotations

import difflib
from pathlib import Path

from ppo_doctor import jsonl, store
from ppo_doctor.errors import UserError


def find(name: str, root: Path) -> Path:
    """The directory of the run `name`: a path, or a name below `root`. Raises `UserError` with close matches."""
    if not name:
        raise UserError("name a run: an empty word names none; `ppo-doctor runs` lists those there are")
    for path in (Path(name), root / name):
        if path.is_dir():
            return path
    known = [path.name for path in root.iterdir() if path.is_dir()] if root.is_dir() else []
    close = difflib.get_close_matches(name, known, n=3)
    hint = f"did you mean {' or '.join(close)}?" if close else "`ppo-doctor runs` lists those there are"
    raise UserError(f"no run {name!r} in {root}; {hint}")


def members(path: Path) -> list[Path]:
    """The run directories of a run, one a seed. Raises `UserError` if it holds none."""
    if (path / "run.json").is_file():
        return [path]
    found = [run for run in store.list_runs(path) if run.parent == path]
    if not found:
        raise UserError(f"{path} is not a run directory: it has no run.json; `ppo-doctor runs` lists those there are")
    return found


def reserve(system: str, root: Path, name: str | None) -> Path:
    """A new directory below `root`: `name`, or the system with the next free number. Raises `UserError`."""
    if name is not None and (not name or name != Path(name).name or "\0" in name or name == ".."):
        raise UserError(f"--name is a name, not a path such as {name!r}; --runs chooses the folder")
    with jsonl.plain_errors(root, "create"):
        root.mkdir(parents=True, exist_ok=True)
    numbers = (path.name.removeprefix(f"{system}-") for path in root.glob(f"{system}-*"))
    number = 1 + max((int(found) for found in numbers if found.isdigit()), default=0)
    while True:
        path = root / (name or f"{system}-{number}")
        try:
            with jsonl.plain_errors(path, "create"):
                path.mkdir()
        except UserError as error:
            if not isinstance(error.__cause__, FileExistsError):
                raise
            if name:
                raise UserError(f"{path} exists already: resume it, or choose another --name") from None
            number += 1  # taken in this very moment by another process
        else:
            return path
