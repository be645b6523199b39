"""`ppo-doctor runs`."""

from __future__ import annotations

import json as json_
from pathlib import Path
from typing import Any

from ppo_doctor.errors import UserError


def command(*, runs: Path = Path("runs"), json: bool = False) -> None:
    """List runs: system, status, steps, best validation return.

    For example:
      ppo-doctor runs
      ppo-doctor runs --runs /data/runs --json

    Args:
        runs: Folder of runs.
        json: Print JSON.
    """
    from ppo_doctor import store

    if runs.exists() and not runs.is_dir():
        raise UserError(f"{runs} is not a folder")
    found = [about(path, runs) for path in store.list_runs(runs)]
    if json:
        print(json_.dumps(found, indent=1))
    elif not found:
        print(f"no runs in {runs}; `ppo-doctor train SYSTEM` makes one")
    else:
        _table(found)


def about(path: Path, root: Path) -> dict[str, Any]:
    """One run in a few words; a damaged one says so instead of hiding the others."""
    from ppo_doctor import store

    name = str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
    try:
        run = store.load(path)
    except UserError as error:
        return {"run": name, "status": "damaged", "problem": str(error)}
    returns = run.series("eval_mean_return").value if "eval_mean_return" in run else []
    return {
        "run": name,
        "system": run.meta.get("system"),
        "seed": run.meta.get("seed"),
        "status": "killed" if run.meta.get("status") == "running" and not busy(path) else run.meta.get("status"),
        "steps": run.last_step,
        "total_steps": run.scalar("total_steps"),
        "best_eval_return": max((float(x) for x in returns if x == x), default=None),
        "created": run.meta.get("created"),
    }


def busy(path: Path) -> bool:
    """Whether a process is writing the run."""
    import fcntl

    with (path / "signals.jsonl").open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def _table(found: list[dict[str, Any]]) -> None:
    from rich.table import Table

    from ppo_doctor.tables import console

    table = Table("run", "system", "status", "steps", "best eval return", "created", show_edge=False, pad_edge=False)
    for one in found:
        if "problem" in one:
            table.add_row(one["run"], "", "damaged", "", "", one["problem"])
            continue
        best = "" if one["best_eval_return"] is None else f"{one['best_eval_return']:.4g}"
        steps = f"{one['steps']:,} of {one['total_steps'] or 0:,.0f}"
        table.add_row(one["run"], one["system"], one["status"], steps, best, one["created"])
    console().print(table)
