"""Finished cases on disk: one compressed file each, written whole, read back as the runs of its seeds."""

from __future__ import annotations

import dataclasses
import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from benchmarks.faults.worlds import World

from ppo_doctor import store
from ppo_doctor.errors import UserError
from ppo_doctor.run import Run, Series
from ppo_doctor.signals import SIGNALS

if TYPE_CHECKING:
    from benchmarks.faults.bank import Variant
    from benchmarks.faults.training import Record


@dataclass(frozen=True, eq=False)
class Case:
    """A variant of a world after training, by seed."""

    world: str
    part: str
    fault: str
    """Empty for the control."""
    strength: float
    cause: str
    """Injected cause; empty for the control and for harmless mutants."""
    kind: str
    budget: int
    """Environment steps of the whole run."""
    own: np.ndarray
    """[seeds, episodes] true returns where it was trained."""
    clean: np.ndarray
    """[seeds, episodes] true returns in the healthy environment."""
    random_return: float
    """Mean return of random play, by the world's own account of reward."""
    runs: tuple[Run, ...]
    """[seeds] what a user would have; empty if the signals were not read."""


def name(fault: str, strength: float) -> str:
    """File name of a case, without its ending."""
    return f"{fault}@{strength:g}" if fault else "control"


def save(folder: Path, world: World, variant: Variant, record: Record) -> None:
    """Write a case into `folder`, whole or not at all."""
    names = sorted({key for rows in record.rows for row in rows for key in row})
    table = np.full((len(record.rows), len(record.rows[0]), len(names)), np.nan, np.float32)
    given = np.zeros(table.shape, bool)
    for k, rows in enumerate(record.rows):
        for t, row in enumerate(rows):
            for key, value in row.items():
                table[k, t, names.index(key)], given[k, t, names.index(key)] = value, True
    about = {
        "world": world.name, "part": world.part, "system": world.system, "seeds": list(world.seeds),
        "fault": variant.fault, "strength": variant.strength, "cause": variant.cause, "kind": variant.kind,
        "config": dataclasses.asdict(variant.config), "rows": variant.config.rollout_rows,
        "names": names, "scalars": record.scalars,
    }  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name(variant.fault, variant.strength)}.npz"
    partial = path.with_suffix(f".{os.getpid()}.tmp")
    with partial.open("wb") as file:
        arrays = {"table": table, "given": np.packbits(given), "own": record.own_return, "clean": record.clean_return}
        np.savez_compressed(file, about=json.dumps(about), **arrays)
    partial.replace(path)


def trained(cache: Path, worlds: Iterable[str]) -> None:
    """Raise `UserError` for worlds whose control is not trained: nothing can be made of their cases."""
    if bare := [world for world in worlds if not (cache / world / f"{name('', 0.0)}.npz").exists()]:
        raise UserError(f"{cache} holds no trained control of {', '.join(bare)}: train first")


def plan(folder: Path, names: Iterable[str], whole: bool) -> None:
    """Write down which cases a world has; where they are not the whole of them, beside those planned before."""
    file, names = folder / "plan.json", list(names)
    if not whole and file.exists():
        names = list(dict.fromkeys([*json.loads(file.read_text(encoding="utf-8")), *names]))
    file.write_text(json.dumps(names), encoding="utf-8")


def missing(cache: Path, worlds: Iterable[str]) -> Counter[str]:
    """Fault -> its cases that were planned in these worlds and are not on disk."""
    folders = [cache / world for world in worlds if (cache / world / "plan.json").exists()]
    plans = [(folder, json.loads((folder / "plan.json").read_text(encoding="utf-8"))) for folder in folders]
    return Counter(
        case.partition("@")[0] for folder, plan in plans for case in plan if not (folder / f"{case}.npz").exists()
    )


def load(path: Path, signals: bool = True) -> Case:
    """The case in `path`, with what probes and trials measured; without its runs if not `signals`."""
    with np.load(path) as file:
        about, own, clean = json.loads(str(file["about"])), file["own"], file["clean"]
        runs = _runs(path, about, file["table"], file["given"]) if signals else ()
    kept = {key: about[key] for key in ("world", "part", "fault", "strength", "cause", "kind")}
    budget = -(-about["config"]["total_steps"] // about["rows"]) * about["rows"]
    chance = about["scalars"][0]["random_return"]
    return Case(**kept, budget=budget, own=own, clean=clean, random_return=chance, runs=runs)


def _runs(path: Path, about: Mapping[str, Any], table: np.ndarray, packed: np.ndarray) -> tuple[Run, ...]:
    """The runs of all seeds. table: [seeds, updates, names]; packed: bits of which entries were recorded."""
    given = np.unpackbits(packed)[: table.size].reshape(table.shape).astype(bool)
    measured, table, gains = probed(path), table.astype(np.float64), tried(path)
    return tuple(
        _run(about, k, table[k], given[k], (measured[k] if k < len(measured) else {}) | gains)
        for k in range(len(table))
    )


def probed(path: Path) -> list[dict[str, float]]:
    """[seeds] scalars that probes and the audit measured on a case; empty if none were run."""
    beside = path.with_suffix(".probes.json")
    return json.loads(beside.read_text(encoding="utf-8")) if beside.exists() else []


def tried(path: Path) -> dict[str, float]:
    """Scalars that trials measured on a case; empty if none were run."""
    beside = path.with_suffix(".trials.json")
    return json.loads(beside.read_text(encoding="utf-8")) if beside.exists() else {}


def untried(run: Run) -> Run:
    """`run` as it was before any trial."""
    return replace(run, signals={name: x for name, x in run.signals.items() if not name.startswith("trial_")})


def _run(about: Mapping[str, Any], k: int, table: np.ndarray, given: np.ndarray, measured: Mapping[str, float]) -> Run:
    step = np.arange(1, len(table) + 1) * about["rows"]
    meta = {"config": about["config"], "seed": about["seeds"][k], "system": about["system"]}
    signals = store.scalars(meta | {"scalars": about["scalars"][k] | dict(measured)})
    for n, key in enumerate(about["names"]):
        if not given[:, n].any():
            continue
        if key in SIGNALS and SIGNALS[key].kind == "scalar":
            signals[key] = float(table[given[:, n], n][-1])  # a fact of the run that a fault put into every row
        else:
            signals[key] = Series(key, step[given[:, n]], table[given[:, n], n])
    title = f"{about['world']} {about['fault'] or 'control'} {about['strength']:g} seed {about['seeds'][k]}"
    return Run(title, signals, meta)


def every(cache: Path, world: str) -> Iterator[Case]:
    """All finished cases of a world."""
    for path in sorted((cache / world).glob("*.npz")):
        yield load(path)
