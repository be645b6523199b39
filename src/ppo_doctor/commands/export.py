"""`ppo-doctor export`."""

from __future__ import annotations

from pathlib import Path

import tyro

from ppo_doctor.errors import UserError


def command(
    run: tyro.conf.Positional[str],
    *,
    csv: Path | None = None,
    tensorboard: Path | None = None,
    runs: Path = Path("runs"),
) -> None:
    """Write a run's signals for other tools: a CSV with one row an update, or TensorBoard event files.

    For example:
      ppo-doctor export cartpole-1 --csv cartpole.csv
      ppo-doctor export batch_jobs-1/seed0 --tensorboard tb/

    Args:
        run: Name or path of a run; with several seeds, each goes to a file of its own.
        csv: File to write. With several seeds `-seed<k>` is added to its name.
        tensorboard: Folder to write event files to.
        runs: Folder of runs.
    """
    from ppo_doctor import exporting, store
    from ppo_doctor import runs as runs_

    if csv is None and tensorboard is None:
        raise UserError("export to what? --csv FILE or --tensorboard FOLDER")
    found = runs_.members(runs_.find(run, runs))
    for path in found:
        loaded = store.load(path)
        if csv is not None:
            file = csv if len(found) == 1 else csv.with_stem(f"{csv.stem}-{path.name}")
            exporting.to_csv(loaded, file)
            print(f"wrote {file}")
        if tensorboard is not None:
            folder = tensorboard if len(found) == 1 else tensorboard / path.name
            exporting.to_tensorboard(loaded, folder)
            print(f"wrote {folder}")
