"""An environment examined before training: run its probes, hand what they measured to the rules, say what it cost."""

from __future__ import annotations

import dataclasses
import functools
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from ppo_doctor import jsonl, runs, signals, store
from ppo_doctor.diagnose import differential
from ppo_doctor.diagnose.engine import Outcome, Report, Settings
from ppo_doctor.errors import UserError
from ppo_doctor.run import Run, Series, Value
from ppo_doctor.train import envs, evaluate, probes, settings
from ppo_doctor.train import job as job_
from ppo_doctor.train.lab import Lab
from ppo_doctor.train.probes import Result

BUDGETS = {"state": 1_000_000, "other": 200_000}
"""Environment steps by default: for our environments, which run side by side, and for those stepped on the host."""
LEAST = 5_000
"""Smallest budget that leaves anything to measure."""
CAVEAT = "random play before training"
POINTS = 8
"""Points of the series that random play is cut into."""
NOT_A_RUN = Settings(suppress={"return-not-recorded": "nothing was trained"})


@dataclass(frozen=True)
class Check:
    """What came of the probes of one environment."""

    name: str
    lab: Lab
    results: tuple[Result, ...]
    seconds: float
    interrupted: bool = False

    @property
    def found(self) -> dict[str, float]:
        """Every signal that was measured."""
        return {name: value for result in self.results for name, value in result.signals.items()}

    def run(self) -> Run:
        """The measurements as a run that rules can judge; random play gives its few series."""
        known: dict[str, Series | Value] = {"system": self.name, **series(self.lab), **self.found}
        return Run(f"check of {self.name}", known, {"system": self.name, "status": "not trained"})

    def report(self, chosen: Settings | None = None) -> Report:
        """All rules and causes on the measurements."""
        return differential.examine(self.run(), _merged(chosen))

    def attach(self, path: Path) -> None:
        """Add the measurements to the run in `path`; its own references stay."""
        have = store.load(path)
        for result in self.results:
            fresh = {k: v for k, v in result.signals.items() if signals.lookup(k).domain == "probe" or k not in have}
            if fresh:
                store.append_probe(path, result.probe, fresh)


def _merged(chosen: Settings | None) -> Settings:
    if chosen is None:
        return NOT_A_RUN
    return dataclasses.replace(chosen, suppress={**NOT_A_RUN.suppress, **chosen.suppress})


def lab(name: str, words: Sequence[str], budget: int | None, seed: int, reference: str = "") -> Lab:
    """A lab for a system of ours, a Gymnasium id or `module:attribute`; words are `env.name=value`.

    reference: `module:function` of an observation, a policy known to be good; our systems have their own.
    Raises `UserError` for unknown names and parameters, and for a budget or seed that makes no sense.
    """
    if not 0 <= seed <= job_.LAST_SEED:
        raise UserError(f"--seed must be from 0 to {job_.LAST_SEED}")
    if budget is not None and budget < LEAST:
        raise UserError(f"--budget must be at least {LEAST:,}")
    pairs = settings.pairs(words)
    for key, _ in pairs:
        if not key.startswith("env."):
            raise UserError(f"--set takes parameters of the environment here: env.name=value, not {key!r}")
    params = [(key.removeprefix("env."), value) for key, value in pairs]
    if name in envs.names():
        if reference:
            raise UserError(f"--reference is for environments of your own; {name} has a reference, or none is known")
        return _ours(name, settings.parameters(envs.module(name).make, params, name), budget, seed)
    from ppo_doctor.train import followed, hosted

    made = hosted.make(name, {key: _plain(value) for key, value in params}, envs.names())
    for space in ("action_space", "observation_space"):
        if getattr(made, space, None) is None:
            raise UserError(f"{name} has no {space}: a Gymnasium environment says what it takes and shows")
    world = hosted.Hosted(name, made)
    good = functools.partial(followed.rewards, world, followed.load(reference)) if reference else None
    return Lab(world, budget or BUDGETS["other"], seed, reference=good)


def of_run(path: Path, budget: int | None, seed: int) -> tuple[str, Lab]:
    """(system, lab) for the environment that the run in `path` was trained on."""
    job = job_.read(runs.members(path)[0])
    found = _ours(job.system, job.params, budget, seed)
    return job.system, dataclasses.replace(found, gamma=job.config.gamma)


def _plain(word: str) -> Any:
    try:
        return json.loads(word.lower() if word.lower() in ("true", "false") else word)
    except json.JSONDecodeError:
        return word


def _ours(name: str, params: Any, budget: int | None, seed: int) -> Lab:
    from ppo_doctor.train import baselines
    from ppo_doctor.train.functional import Functional

    env, gamma = envs.make(name, **params), envs.module(name).CONFIGS["default"].gamma

    def known(seeds: np.ndarray, horizon: int) -> dict[str, np.ndarray]:
        policies = {key: policy for key, policy in baselines.policies(name, env).items() if key != "random"}
        return {
            key: np.asarray(x.returns, float) for key, x in evaluate.run_each(env, policies, seeds, horizon).items()
        }

    world = Functional(name, env, envs.max_steps(name, env))
    if name not in baselines.names():
        return Lab(world, budget or BUDGETS["state"], seed, gamma)
    good = functools.partial(world.follow, baselines.reference(name, env))
    return Lab(world, budget or BUDGETS["state"], seed, gamma, known, good)


def check(name: str, lab: Lab, quiet: bool = False, chosen: Sequence[str] | None = None) -> Check:
    """Run the probes with live progress on standard error. Ctrl-C ends it with what is done.

    Raises `UserError` if the environment cannot be played at all.
    """
    begun, results, interrupted = time.perf_counter(), [], False
    try:
        lab.random  # noqa: B018  # the environment's own mistakes end the check here, in one line
        with Progress(len(probes.names() if chosen is None else chosen), quiet) as progress:
            for result in probes.run(lab, chosen):
                results.append(result)
                progress.show(result)
    except KeyboardInterrupt:
        interrupted = True
    return Check(name, lab, tuple(results), time.perf_counter() - begun, interrupted)


def series(lab: Lab) -> dict[str, Series]:
    """What a run's log would say of random play: its episodes in `POINTS` parts."""
    if "random" not in vars(lab):
        return {}
    parts = list(_parts(lab))
    steps = np.cumsum([part["steps"] for part in parts])
    names = [name for name in parts[0] if name != "steps"]
    return {name: Series(name, steps, np.array([part[name] for part in parts]), caveat=CAVEAT) for name in names}


def _parts(lab: Lab) -> Iterator[dict[str, float]]:
    play = lab.random
    for rows in np.array_split(np.arange(len(play.alive)), POINTS):
        reward, length = play.reward[rows][play.alive[rows]], float(play.lengths[rows].mean())
        yield {
            "steps": len(reward),
            "reward_mean": float(reward.mean()),
            "reward_std": float(reward.std()),
            "mean_ep_length": length,
            "mean_segment_length": length,
        }


class Progress:
    """A bar with the time left on a terminal, a line a probe elsewhere; all on standard error."""

    def __init__(self, total: int, quiet: bool) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        self._console = Console(file=sys.stderr, quiet=quiet, soft_wrap=True, highlight=False)
        self._bars, self._total, self._done = self._console.is_terminal and not quiet, total, 0
        columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), TextColumn("left"), TimeRemainingColumn())
        self._progress = Bar(*columns, console=self._console, disable=not self._bars)
        self._task = self._progress.add_task("probing (compiling)", total=total)
        self._begun = time.perf_counter()

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._progress.stop()

    def show(self, result: Result) -> None:
        """One probe is done."""
        self._done += 1
        self._progress.update(self._task, completed=self._done, description=result.probe)
        if not self._bars:
            left = (time.perf_counter() - self._begun) * (self._total / self._done - 1)
            said = f"probe {self._done}/{self._total} {result.probe}: {result.steps:,} steps, {result.seconds:.1f} s"
            self._console.print(f"{said}, about {left:.0f} s left", markup=False)


def judged(report: Report) -> Report:
    """The report without the rules that only a training could let speak."""
    return dataclasses.replace(report, outcomes=tuple(one for one in report.outcomes if _of_probes(one)))


def _of_probes(outcome: Outcome) -> bool:
    if outcome.status != "skipped":
        return outcome.status in ("fired", "clean", "crashed") or outcome.rule.family in ("env", "reward")
    needed = [given.signal for given in outcome.rule.inputs if given.required and given.signal is not None]
    alone = [one.domain == "reference" or "environment alone" in one.measured for one in needed]
    return outcome.rule.family in ("env", "reward") and bool(needed) and all(alone)


def text(check: Check) -> str:
    """What was measured, at which cost, and what could not be."""
    world, steps = check.lab.world, sum(result.steps for result in check.results)
    lines = [f"{check.name}: {len(check.results)} probes, {world.steps:,} environment steps, {check.seconds:.0f} s"]
    lines[0] += f", forks by {world.branching}" + (" -- interrupted" if check.interrupted else "")
    lines.append(f"shared random play {world.steps - steps:,} steps; --seed {check.lab.seed}")
    for result in (one for one in check.results if one.signals):
        lines += ["", f"{result.probe} ({result.steps:,} steps, {result.seconds:.1f} s)"]
        lines += [f"  {name:<28} {value:>10.4g}  {signals.lookup(name).unit}" for name, value in result.signals.items()]
        lines += [f"  note: {note}" for note in result.notes]
    missing = [f"  {one.probe}: {one.reason}" for one in check.results if not one.signals]
    return "\n".join([*lines, *(["", "Not probed", *missing] if missing else [])]) + "\n"


def as_dict(check: Check) -> dict[str, Any]:
    """The probes of a check as plain mappings: what was measured, cost, and what could not be."""
    return {
        "branching": check.lab.world.branching,
        "steps": check.lab.world.steps,
        "seconds": round(check.seconds, 3),
        "budget": check.lab.budget,
        "seed": check.lab.seed,
        "interrupted": check.interrupted,
        "probes": [jsonl.encode(dataclasses.asdict(result)) for result in check.results],
    }
