"""`ppo-doctor compare`."""

from __future__ import annotations

import json as json_
from pathlib import Path

import tyro


def command(
    a: tyro.conf.Positional[str],
    b: tyro.conf.Positional[str],
    *,
    episodes: int = 200,
    runs: Path = Path("runs"),
    json: bool = False,
) -> None:
    """Compare two runs of one system: what was set differently, and a paired difference on the same report episodes.

    For example:
      ppo-doctor compare batch_jobs-1 batch_jobs-2
      ppo-doctor compare runs/a runs/b --episodes 400 --json

    Args:
        a: Name or path of a run.
        b: Name or path of another one.
        episodes: Report episodes, a multiple of the 4 blocks.
        runs: Folder of runs.
        json: Print JSON.
    """
    from ppo_doctor import runs as runs_
    from ppo_doctor import tables

    result = tables.compared(runs_.find(a, runs), runs_.find(b, runs), episodes)
    if json:
        print(json_.dumps(result, indent=1))
    else:
        tables.show_comparison(result)
