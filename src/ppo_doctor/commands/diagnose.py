"""`ppo-doctor diagnose`."""

from __future__ import annotations

import json as json_
from pathlib import Path
from typing import Literal

import tyro


def command(
    run: tyro.conf.Positional[str],
    *,
    json: bool = False,
    fail_on: Literal["info", "warning", "critical", "never"] = "warning",
    settings: Path | None = None,
    runs: Path = Path("runs"),
) -> int:
    """Examine a run by every rule. Exit status 1 if a finding is at or above the level of --fail-on.

    For example:
      ppo-doctor diagnose cartpole-1
      ppo-doctor diagnose batch_jobs-1 --json --fail-on critical

    Args:
        run: Name or path of a run; with several seeds, each is examined.
        json: Print the whole report as JSON: an object, or a list of them with several seeds.
        fail_on: Least severity that makes the exit status 1.
        settings: TOML file with thresholds and suppressed rules.
        runs: Folder of runs.
    """
    from ppo_doctor import runs as runs_
    from ppo_doctor import store
    from ppo_doctor.diagnose.engine import Settings, diagnose
    from ppo_doctor.report import json as as_json
    from ppo_doctor.report import text

    chosen = None if settings is None else Settings.from_toml(settings)
    reports = [diagnose(store.load(path), chosen) for path in runs_.members(runs_.find(run, runs))]
    if json:
        objects = [json_.loads(as_json.render(report)) for report in reports]
        print(json_.dumps(objects[0] if len(objects) == 1 else objects, indent=1))
    else:
        print("\n".join(text.render(report) for report in reports), end="")
    return 0 if fail_on == "never" else int(any(report.fails(fail_on) for report in reports))
