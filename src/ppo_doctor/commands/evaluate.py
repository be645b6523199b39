"""`ppo-doctor evaluate`."""

from __future__ import annotations

import json as json_
from pathlib import Path
from typing import Literal

import tyro


def command(
    run: tyro.conf.Positional[str],
    *,
    episodes: int = 200,
    checkpoint: Literal["best", "last"] = "best",
    runs: Path = Path("runs"),
    json: bool = False,
) -> None:
    """Compare a trained run with every baseline and the bound, on report seeds that nothing was selected on.

    All play the same episodes; intervals are 95 %, over training seeds and episodes. Writes evaluation.json.

    For example:
      ppo-doctor evaluate batch_jobs-1
      ppo-doctor evaluate batch_jobs-1 --episodes 400 --json

    Args:
        run: Name or path of a run.
        episodes: Report episodes, a multiple of the 4 blocks.
        checkpoint: The best by validation, or the last.
        runs: Folder of runs.
        json: Print evaluation.json instead of a table.
    """
    from ppo_doctor import jsonl, tables
    from ppo_doctor import runs as runs_

    table = tables.evaluated(runs_.find(run, runs), episodes, checkpoint)
    if json:
        print(json_.dumps(jsonl.encode(table), indent=1))
    else:
        tables.show_evaluation(table)
