"""Train the cases that are not on disk yet: one process a world, so that each compiles its program once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.faults import cases
from benchmarks.faults.worlds import WORLDS
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from ppo_doctor import jsonl
from ppo_doctor.errors import UserError
from ppo_doctor.train.seeds import THREADS, keep_compiled

if TYPE_CHECKING:
    from benchmarks.faults.bank import Variant
    from benchmarks.faults.training import Lab

ROOT = Path(__file__).parents[2]


def train(cache: Path, world: str, only: list[str], branches: bool) -> None:
    """Train every missing case of one world in this process."""
    from benchmarks.faults.training import Lab

    folder = cache / world
    folder.mkdir(parents=True, exist_ok=True)
    lab = Lab(WORLDS[world], only)
    cases.plan(folder, (cases.name(one.fault, one.strength) for one in lab.variants), whole=not only)
    for variant in _ordered(lab):
        if branches and not lab.shared(variant):
            break
        where = cases.name(variant.fault, variant.strength)
        if (folder / f"{where}.npz").exists():
            continue
        try:
            place, variant = lab.home(variant)
            cases.save(folder, WORLDS[world], variant, place.run(variant))
        except Exception as error:  # noqa: BLE001  # one fault that cannot run must not cost the others
            (folder / f"{where}.failed").write_text(f"{type(error).__name__}: {error}", encoding="utf-8")
        _forget(lab, variant)


def probe(cache: Path, world: str, only: list[str], branches: bool) -> None:
    """Run the probes of the environment, once for each, and the audit of the learner on every finished case."""
    from benchmarks.faults.probing import Probing
    from benchmarks.faults.training import Lab

    probing, folder = Probing(Lab(WORLDS[world], only)), cache / world
    for variant in _ordered(probing.lab):
        path = folder / f"{cases.name(variant.fault, variant.strength)}.npz"
        beside = path.with_suffix(".probes.json")
        if not path.exists() or beside.exists() or (branches and not probing.lab.shared(variant)):
            continue
        found = probing.run(variant)
        _forget(probing.lab, variant)
        partial = beside.with_suffix(f".{os.getpid()}.tmp")
        partial.write_text(json.dumps([found] * WORLDS[world].n_seeds), encoding="utf-8")
        partial.replace(beside)


def trial(cache: Path, world: str, only: list[str], branches: bool) -> None:
    """Run the trials on every finished case that counts."""
    from benchmarks.faults import trials
    from benchmarks.faults.training import Lab

    lab, folder = Lab(WORLDS[world], only), cache / world
    control = cases.load(folder / "control.npz")
    for variant in _ordered(lab):
        path = folder / f"{cases.name(variant.fault, variant.strength)}.npz"
        beside = path.with_suffix(".trials.json")
        if not path.exists() or beside.exists() or (branches and not lab.shared(variant)):
            continue
        case = cases.load(path)
        found = trials.run(lab, variant, case) if trials.counts(case, control) else {}
        _forget(lab, variant)
        partial = beside.with_suffix(f".{os.getpid()}.tmp")
        partial.write_text(json.dumps(found), encoding="utf-8")
        partial.replace(beside)


def _ordered(lab: Lab) -> list[Variant]:
    """Default strengths first, and last what must be compiled alone: an unfinished table is balanced over causes."""
    return sorted(lab.variants, key=lambda one: (not lab.shared(one), one.strength != _default(one.fault)))


def _forget(lab: Lab, variant: Variant) -> None:
    """Drop the programs of a variant that shares none: they serve nobody else, and a process holds about a hundred."""
    import jax

    if not lab.shared(variant):
        jax.clear_caches()


def _default(fault: str) -> float:
    from ppo_doctor.train.fault import find

    return find(fault).strengths[0] if fault else 0.0


STAGES = {"train": train, "probe": probe, "trial": trial}
ENDINGS = {"train": "npz", "probe": "probes.json", "trial": "trials.json"}
"""What each stage leaves beside a finished case."""


def run(cache: Path, worlds: list[str], jobs: int, only: list[str], branches: bool, stage: str) -> None:
    """One stage of all cases of `worlds`, `jobs` worlds at a time; what is on disk is kept.

    Raises `UserError` for a cache that is no folder, for a stage that looks at trained cases where a world has none,
    and at the end if the process of a world failed.
    """
    if stage != "train":
        cases.trained(cache, worlds)
    with jsonl.plain_errors(cache, "create"):
        cache.mkdir(parents=True, exist_ok=True)
    keep_compiled()
    flags = f"{os.environ.get('XLA_FLAGS', '')} {THREADS}".strip()
    env = os.environ | {"XLA_FLAGS": flags, "OMP_NUM_THREADS": "1", "JAX_PLATFORMS": "cpu"}
    waiting, active, failed = list(worlds), [], 0
    columns = (TextColumn("cases"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("cases", total=None)
        try:
            while waiting or active:
                while waiting and len(active) < jobs:
                    order = [
                        sys.executable,
                        "-m",
                        "benchmarks.faults",
                        f"work-{stage}",
                        waiting.pop(0),
                        "--cache",
                        str(cache),
                    ]
                    order += [f"--only={name}" for name in only] + ["--branches"] * branches
                    active.append(subprocess.Popen(order, env=env, cwd=ROOT))
                time.sleep(0.5)
                failed += sum(process.poll() not in (None, 0) for process in active)
                active = [process for process in active if process.poll() is None]
                bar.update(
                    task,
                    completed=_finished(cache, worlds, ENDINGS[stage]),
                    total=_planned(cache, worlds),
                )
        finally:
            for process in active:
                process.terminate()
    if failed:
        raise UserError(f"{failed} of {len(worlds)} worlds ended early, as said above; what is finished is kept")


def _finished(cache: Path, worlds: list[str], ending: str) -> int:
    return sum(len(list((cache / world).glob(f"*.{ending}"))) for world in worlds)


def _planned(cache: Path, worlds: list[str]) -> int:
    plans = [cache / world / "plan.json" for world in worlds]
    known = [len(json.loads(plan.read_text(encoding="utf-8"))) for plan in plans if plan.exists()]
    return round(sum(known) * len(worlds) / max(len(known), 1))  # those not begun are taken for average
