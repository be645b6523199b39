"""`ppo-doctor trial`."""

from __future__ import annotations

import json as json_
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tyro

from ppo_doctor.errors import UserError

if TYPE_CHECKING:
    from ppo_doctor.diagnose.engine import Report

INTERRUPTED = 130


def command(
    run: tyro.conf.Positional[str],
    *,
    only: tuple[str, ...] = (),
    env: str = "",
    seeds: int = 4,
    steps: int | None = None,
    runs: Path = Path("runs"),
    json: bool = False,
) -> int:
    """Train again with one thing changed, several seeds side by side, and say what it gained and what that proves.

    A run of ours: every setting that is far from usual is put back, one at a time; what was measured is kept with the
    run, and calling it again goes on where it stopped. Any other log: our learner is trained with the log's settings on
    the Gymnasium environment that --env names; if it does far better, the log's learner is at fault.

    For example:
      ppo-doctor trial cartpole-1
      ppo-doctor trial cartpole-1 --only learning_rate --seeds 6
      ppo-doctor trial logs/progress.csv --env CartPole-v1

    Args:
        run: Name or path of a run of ours, or a log.
        only: Settings to try; by default all that are far from usual.
        env: Gymnasium id of the environment of a log that is not ours.
        seeds: Seeds of every trial, two at least.
        steps: Environment steps of the reference, instead of as many as the log has.
        runs: Folder of runs.
        json: Print gains and causes as JSON.
    """
    if seeds < 2:
        raise UserError("--seeds must be at least 2: one training proves nothing")
    if env:
        if only:
            raise UserError("--only is for runs of ours; with --env the learner as a whole is tried")
        return _reference(run, env, seeds, steps, runs, json)
    if steps is not None:
        raise UserError("--steps is for --env; the trials of a run of ours are as long as the run")
    return _settings(run, only, seeds, runs, json)


def _settings(run: str, only: Sequence[str], seeds: int, root: Path, json: bool) -> int:
    from ppo_doctor import launch, store
    from ppo_doctor import runs as runs_
    from ppo_doctor.diagnose import differential
    from ppo_doctor.train import envs, job
    from ppo_doctor.train.env import Box
    from ppo_doctor.treat import trial

    path = runs_.find(run, root)
    first = job.read(runs_.members(path)[0])
    launch.system(first.system)
    real = isinstance(envs.make(first.system, **first.params).space, Box)
    plan = trial.plan(path, real, only, seeds)
    if not plan.arms:
        print(f"every setting of {path} is usual: there is nothing to put back", file=sys.stderr)
    for name, jobs in [("as it is", plan.control), *((one.setting, jobs) for one, jobs in plan.arms.items())]:
        if jobs:
            print(f"training {len(jobs)} seed(s) with {name} into {jobs[0].path.parent}", file=sys.stderr)
            if launch.train(jobs, resume=True, quiet=json).interrupted:
                print(f"saved; go on with: ppo-doctor trial {run}", file=sys.stderr)
                return INTERRUPTED
    found = trial.gains(plan)
    for member in plan.have.values():
        store.append_probe(member, "trial", found)
    report = differential.examine(store.load(next(iter(plan.have.values()))))
    _say(found, report, json, {"seeds": plan.seeds})
    return 0


def _reference(log: str, env: str, seeds: int, steps: int | None, root: Path, json: bool) -> int:
    from ppo_doctor import examination
    from ppo_doctor.diagnose import differential
    from ppo_doctor.train.seeds import keep_compiled
    from ppo_doctor.treat import reference

    (source, *others) = examination.sources([log], root)
    if others:
        raise UserError(f"{log} holds {1 + len(others)} runs; name one of them")
    read = examination.logs.read(source)
    keep_compiled()
    wanted = reference.settings(read, steps)
    if wanted.unknown:
        print(f"not in the log, ours instead: {', '.join(wanted.unknown)}", file=sys.stderr)
    random = reference.random_return(env)
    trained = {}
    for seed in range(seeds):
        try:
            trained[seed] = _followed(
                reference.returns(wanted.config, env, seed), seed, wanted.config.total_steps, json
            )
        except KeyboardInterrupt:
            print("stopped: a trial of foreign environments cannot be resumed", file=sys.stderr)
            return INTERRUPTED
    gain = reference.compared(read, trained, random)
    report = differential.examine(reference.tried(read, gain, random))
    _say({reference.SIGNAL: gain}, report, json, {"seeds": list(trained), "not_in_log": wanted.unknown})
    return 0


def _followed(updates: Any, seed: int, total: int, quiet: bool) -> list[tuple[int, float]]:
    """The updates of one training, with a bar and the time left on standard error."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), TextColumn("left"), TimeRemainingColumn())
    rows = []
    with Progress(*columns, console=Console(file=sys.stderr, quiet=quiet)) as bar:
        task = bar.add_task(f"reference, seed {seed}", total=total)
        for step, value in updates:
            rows.append((step, value))
            bar.update(task, completed=min(step, total))
    return rows


def _say(found: Mapping[str, float], report: Report, json: bool, more: Mapping[str, Any]) -> None:
    from ppo_doctor import signals
    from ppo_doctor.report import text

    if json:
        causes = [{"id": one.cause.id, "probability": one.probability} for one in report.causes]
        print(json_.dumps({"gains": dict(found), "causes": causes, **more}, indent=1))
        return
    helps = {one.inputs[0].parameter for one in (o.rule for o in report.outcomes if o.status == "fired") if one.inputs}
    for name, value in found.items():
        words = name.removeprefix("trial_gain_").replace("_", " ")
        print(f"{words:<28} {value:>7.2f}  {'helps' if name in helps else 'does not help'}")
    if found:
        print(f"\n({signals.lookup(next(iter(found))).meaning.partition(' of the return')[0]} of the gain)\n")
    print(text.causes(report))
