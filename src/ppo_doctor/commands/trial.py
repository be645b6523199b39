"""`ppo-doctor trial`."""

from __future__ import annotations

import json as json_
import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tyro

from ppo_doctor.errors import UserError

if TYPE_CHECKING:
    from ppo_doctor.diagnose.engine import Report
    from ppo_doctor.train.job import Job
    from ppo_doctor.treat.search import Arm, Found

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

    A run of ours: every setting that is far from usual is put back, one at a time; if none of it helps, all of them
    together, and then each is taken away again. What was measured is kept with the run, and calling it again goes on
    where it stopped. Any other log: our learner is trained with the log's settings on
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
    from ppo_doctor.train.seeds import keep_compiled
    from ppo_doctor.treat import trial

    path = runs_.find(run, root)
    keep_compiled()
    plan = trial.plan(path, only, seeds)
    if not plan.found:
        print(f"every setting of {path} is usual: there is nothing to put back", file=sys.stderr)

    def train(arm: Arm, jobs: Sequence[Job]) -> None:
        what = f"{_words(arm)} put back" if arm else "everything as it is"
        print(f"training {len(jobs)} seed(s) with {what} into {jobs[0].path.parent}", file=sys.stderr)
        if launch.train(jobs, resume=True, quiet=json).interrupted:
            raise KeyboardInterrupt

    try:
        found = trial.conduct(plan, train)
    except KeyboardInterrupt:
        print(f"saved; go on with: ppo-doctor trial {run}", file=sys.stderr)
        return INTERRUPTED
    for member in plan.have.values():
        store.append_probe(member, "trial", found.gains)
    report = differential.examine(store.load(next(iter(plan.have.values()))))
    if json:
        _as_json(found.gains, report, {"seeds": plan.seeds, **_searched(found)})
        return 0
    _say({_words(arm): gain for arm, gain in found.tried.items()}, report)
    if len(found.cure) > 1:
        print(f"only together do they help: {_words(found.cure)}")
    return 0


def _words(arm: Arm) -> str:
    return " + ".join(one.setting for one in arm)


def _searched(found: Found) -> dict[str, Any]:
    tried = [{"put_back": [one.setting for one in arm], "gain": gain} for arm, gain in found.tried.items()]
    return {"tried": tried, "cure": [one.setting for one in found.cure]}


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
    if json:
        _as_json({reference.SIGNAL: gain}, report, {"seeds": list(trained), "not_in_log": wanted.unknown})
    else:
        _say({"the reference": gain}, report)
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


def _as_json(gains: Mapping[str, float], report: Report, more: Mapping[str, Any]) -> None:
    from ppo_doctor import jsonl

    causes = [{"id": one.cause.id, "probability": one.probability} for one in report.causes]
    print(json_.dumps(jsonl.encode({"gains": gains, "causes": causes, **more}), indent=1))


def _say(tried: Mapping[str, float], report: Report) -> None:
    """What each thing that was tried gained, by its name, and the causes now."""
    from ppo_doctor.report import text
    from ppo_doctor.treat.gain import LEAST

    for name, gain in tried.items():
        verdict = "cannot be told" if math.isnan(gain) else "helps" if gain > LEAST else "does not help"
        print(f"{name:<28} {gain:>7.2f}  {verdict}")
    if tried:
        print("\n(lower end of the one-sided 95 % interval of the gain over the run as it is, in units of how far the")
        print("farther of the two is from random play)\n")
    print(text.causes(report))
