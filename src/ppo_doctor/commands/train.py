"""`ppo-doctor train`."""

from __future__ import annotations

import json as json_
from pathlib import Path
from typing import TYPE_CHECKING

import tyro

from ppo_doctor.errors import UserError

if TYPE_CHECKING:
    from ppo_doctor.launch import Ending


def command(
    system: tyro.conf.Positional[str] = "",
    *,
    seeds: tuple[int, ...] = (0,),
    steps: int | None = None,
    set: tuple[str, ...] = (),
    config: str = "default",
    runs: Path = Path("runs"),
    name: str | None = None,
    resume: str | None = None,
    eval_every: int | None = None,
    eval_episodes: int = 16,
    json: bool = False,
) -> int:
    """Train PPO on a system, with live progress. Ctrl-C saves; `--resume` goes on, bit for bit.

    For example:
      ppo-doctor train cartpole
      ppo-doctor train batch_jobs --seeds 0 1 2 --steps 500000
      ppo-doctor train batch_jobs --set learning_rate=3e-4 network.kind=attention env.trace=hpc2n
      ppo-doctor train --resume cartpole-1

    Args:
        system: What to train on; `ppo-doctor systems` lists them.
        seeds: One training for each; on CPU one process per core, on an accelerator one program.
        steps: Environment steps of each training, instead of the configuration's.
        set: Settings as name=value; a dot reaches inside (network.kind=scorer), env. reaches the environment.
        config: Named configuration of the system.
        runs: Folder of runs.
        name: Name of the run, instead of a number.
        resume: Run to go on with, as it was configured.
        eval_every: Updates between evaluations on the validation seeds; by default 20 evaluations.
        eval_episodes: Episodes in each of the 4 blocks of an evaluation.
        json: Print the outcome as JSON.
    """
    from ppo_doctor import launch
    from ppo_doctor import runs as runs_

    if resume is not None:
        if system or set or steps is not None:
            raise UserError("--resume goes on with the run as it was configured: leave out the system and its settings")
        path = runs_.find(resume, runs)
        return finish(path, launch.train(launch.planned(path), resume=True, quiet=json), json)
    if not system:
        raise UserError("which system? `ppo-doctor systems` lists them; or --resume RUN")
    plan = launch.plan(system, seeds, set, config, steps, eval_every, eval_episodes)
    path = runs_.reserve(system, runs, name)
    try:
        return finish(path, launch.train(plan.jobs(path), quiet=json), json)
    finally:
        launch.discard_empty(path)


def finish(path: Path, ending: Ending, json: bool) -> int:
    """Say how the training of `path` ended; returns the exit status."""
    if json:
        said = {"run": str(path), "interrupted": ending.interrupted, "failures": [f._asdict() for f in ending.failures]}
        last = {p.seed: {"step": p.step, "best": p.best} for p in ending.last.values()}
        print(json_.dumps(said | {"seeds": last}, indent=1))
    elif ending.interrupted:
        print(f"saved; go on with: ppo-doctor train --resume {path}")
    else:
        scores = {p.seed: p.best for p in ending.last.values() if p.best is not None}
        bests = ", ".join(f"seed {seed}: {scores[seed]:.4g}" for seed in sorted(scores))
        print(f"{path} is trained" + (f"; best validation score {bests}" if bests else ""))
        print(f"next: ppo-doctor evaluate {path}   ppo-doctor diagnose {path}")
    if ending.failures:
        print(f"{len(ending.failures)} seed(s) did not finish; go on with: ppo-doctor train --resume {path}")
    return 130 if ending.interrupted else 2 if ending.failures else 0
