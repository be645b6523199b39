"""How much a bare log says at all: a generic classifier on every column of an SB3 `progress.csv`, and the doctor.

Two questions about runs of the training part, each answered with the share of faulty runs whose cause is first, and
among the first three:

- the same environment, fault and strength with other seeds: whether faults leave different traces (nobody who does not
  know the environment and the fault can do as well);
- environments that were never seen (each left out in turn): what of these traces is the same from one environment to
  another, as far as a classifier finds it. The doctor is asked this one, too: by the causes' own expectations alone,
  and with what was counted in the other environments.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.faults import cases, logs, scoring, verdicts
from benchmarks.faults.verdicts import SEEDS, unjudged
from benchmarks.faults.worlds import WORLDS

from ppo_doctor.diagnose import differential
from ppo_doctor.run import Run

PARTS = 8
"""Stretches of a run, of each of which the median is a feature."""
LOGARITHMIC = ("approx_kl_last", "v_loss", "learning_rate", "clip_coef_value")
NOTHING = -99.0
"""Stands for what is not there; trees split it off."""


@dataclass(frozen=True, eq=False)
class Trace:
    """One run as a vector, with the right verdict."""

    world: str
    seed: int
    truth: str
    faulty: bool
    features: dict[str, float]


def features(run: Run) -> dict[str, float]:
    """Every column: medians of its parts (logarithms of positive ones), change since the start, scatter, holes."""
    found: dict[str, float] = {}
    series = {name: one.value for name, one in run.all_series().items() if len(one)}
    for name, value in series.items():
        found |= _column(name, np.log10(np.abs(value) + 1e-12) if name in LOGARITHMIC else value)
    loss, explained, moved = (series.get(name) for name in ("v_loss", "explained_variance", "approx_kl_last"))
    surrogate = series.get("pg_loss")
    if loss is not None and explained is not None and len(loss) == len(explained):
        found |= _column("target_variance", np.log10(2.0 * loss / np.maximum(1.0 - explained, 1e-3) + 1e-12))
    if moved is not None and surrogate is not None and len(moved) == len(surrogate):
        found |= _column("gain_per_move", -surrogate / np.sqrt(2.0 * np.maximum(moved, 1e-10)))
    return found


def _column(name: str, value: np.ndarray) -> dict[str, float]:
    parts = np.array([_median(part) for part in np.array_split(value, PARTS)])
    scatter = _median(np.abs(np.diff(value)))
    scale = max(float(np.abs(value[np.isfinite(value)]).max(initial=0.0)), 1e-12)
    found = {f"{name} {k}": float(x) for k, x in enumerate(parts)}
    found |= {f"{name} change {k}": float(x) for k, x in enumerate((parts - value[0]) / scale)}
    found |= {f"{name} risen {k}": float(x) for k, x in enumerate((parts - value[0]) / (scatter + 1e-9 * scale))}
    return found | {f"{name} scatter": scatter / scale, f"{name} undefined": float(np.mean(~np.isfinite(value)))}


def _median(value: np.ndarray) -> float:
    known = value[np.isfinite(value)]
    return float(np.median(known)) if len(known) else np.nan


def traces(cache: Path, worlds: Iterable[str]) -> list[Trace]:
    """All runs of the finished cases of `worlds` whose right verdict is known."""
    found = []
    for world in worlds:
        control = cases.load(cache / world / "control.npz", signals=False)
        for case in cases.every(cache, world):
            for seed, run in enumerate(case.runs):
                truth = scoring.verdict(unjudged(case, control, seed))
                if truth is not None:
                    found.append(Trace(world, seed, truth, bool(case.cause), features(logs.as_sb3(run))))
    return found


def matrix(some: list[Trace]) -> np.ndarray:
    """[runs, features], `NOTHING` where a run lacks one."""
    names = sorted(set().union(*(one.features for one in some)))
    found = np.array([[one.features.get(name, np.nan) for name in names] for one in some])
    return np.clip(np.where(np.isfinite(found), found, NOTHING), -1e12, 1e12)


def places(some: list[Trace], x: np.ndarray, train: np.ndarray, test: np.ndarray) -> list[int]:
    """Places of the true causes of the faulty runs among `test`, by a classifier fitted on `train`."""
    from sklearn.ensemble import ExtraTreesClassifier

    truths = np.array([one.truth for one in some])
    forest: Any = ExtraTreesClassifier(500, class_weight="balanced_subsample", random_state=0)
    forest.set_params(max_features=0.2)
    forest.fit(x[train], truths[train])
    order = np.argsort(-forest.predict_proba(x[test]), axis=1, kind="stable")
    ranked = [list(forest.classes_[row]) for row in order]
    both = [(truths[k], row) for k, row in zip(test, ranked, strict=True) if some[k].faulty]
    return [row.index(truth) + 1 if truth in row else len(row) + 1 for truth, row in both]


def run(cache: Path) -> None:
    """Print both answers for the training part. Raises `UserError` if a world of it is not trained."""
    worlds = [world.name for world in WORLDS.values() if world.part == "train"]
    cases.trained(cache, worlds)
    some = traces(cache, worlds)
    x = matrix(some)
    world = np.array([one.world for one in some])
    seed = np.array([one.seed for one in some])
    same, other = [], []
    for name in worlds:
        for k in range(SEEDS):
            same += places(some, x, *(np.flatnonzero((world == name) & side) for side in (seed != k, seed == k)))
        other += places(some, x, np.flatnonzero(world != name), np.flatnonzero((world == name) & (seed < SEEDS)))
    asked = {
        "same environment and strength, another seed": same,
        "another environment": other,
        **_doctor(scoring.trials(verdicts.collect(cache, worlds))),
    }
    for title, found in asked.items():
        first, three = (scoring.share(place <= k for place in found) for k in (1, 3))
        print(f"{title}: first {first}; among the first three {three}")


def _doctor(some: list[scoring.Trial]) -> dict[str, list[int]]:
    """Places of the true causes of faulty runs as bare logs, each world by the counts of the others."""
    alone, counted = "the doctor, by expectations alone", "the doctor, by the counts of the other environments"
    found: dict[str, list[int]] = {alone: [], counted: []}
    for world in sorted({one.run.world for one in some}):
        rest = [one for one in some if one.run.world != world]
        mine = [one for one in some if one.run.world == world and one.run.cause]
        for title, others in ((alone, []), (counted, rest)):
            ranked = scoring.ranked((one.run.logs_only for one in mine), differential.model(scoring.tally(others)))
            found[title] += [scoring.place(one, trial.truth) for one, trial in zip(ranked, mine, strict=True)]
    return found
