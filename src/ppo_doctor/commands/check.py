"""`ppo-doctor check`."""

from __future__ import annotations

import json as json_
from pathlib import Path
from typing import Literal

import tyro

from ppo_doctor.errors import UserError

INTERRUPTED = 130


def command(
    env: tyro.conf.Positional[str] = "",
    *,
    budget: int | None = None,
    seed: int = 0,
    set: tuple[str, ...] = (),
    reference: str = "",
    run: str | None = None,
    settings: Path | None = None,
    fail_on: Literal["info", "warning", "critical", "never"] = "warning",
    json: bool = False,
    runs: Path = Path("runs"),
) -> int:
    """Examine an environment by experiments before training on it. Exit status 1 for findings from --fail-on up.

    For example:
      ppo-doctor check CartPole-v1
      ppo-doctor check batch_jobs --set env.n_jobs=64 --budget 500000
      ppo-doctor check my_package.my_module:MyEnv --json
      ppo-doctor check my_package.my_module:MyEnv --reference my_package.my_module:heuristic
      ppo-doctor check --run batch_jobs-1

    Args:
        env: A system, a Gymnasium id, or module:attribute of something that makes a Gymnasium environment.
        budget: Environment steps to spend, about; by default a million side by side, 200,000 on the host.
        seed: First seed of all experiments.
        set: Parameters of the environment as env.name=value.
        reference: module:function that acts well by the observation: under a right reward it earns more than chance.
        run: Run whose environment is examined; the results are kept with it, for `diagnose` to use.
        settings: TOML file with thresholds and suppressed rules.
        fail_on: Least severity that makes the exit status 1.
        json: Print everything as one JSON object.
        runs: Folder of runs.
    """
    from ppo_doctor import checking, jsonl
    from ppo_doctor import runs as runs_
    from ppo_doctor.diagnose.engine import Settings
    from ppo_doctor.report import json as as_json
    from ppo_doctor.report import text

    if bool(env) == bool(run):
        raise UserError("name either an environment, as in `ppo-doctor check CartPole-v1`, or a run with --run")
    chosen = None if settings is None else Settings.from_toml(settings)
    path = None if run is None else runs_.find(run, runs)
    name, lab = (
        (env, checking.lab(env, set, budget, seed, reference)) if path is None else checking.of_run(path, budget, seed)
    )
    done = checking.check(name, lab, quiet=json)
    report = done.report(chosen)
    if path is not None:
        for member in runs_.members(path):
            done.attach(member)
    if json:
        print(
            json_.dumps(json_.loads(as_json.render(report)) | {"check": jsonl.encode(checking.as_dict(done))}, indent=1)
        )
    else:
        print(checking.text(done))
        print(text.render(checking.judged(report)), end="")
    if done.interrupted:
        return INTERRUPTED
    return 0 if fail_on == "never" else int(report.fails(fail_on))
