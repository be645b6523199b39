"""What the rules say of every run of a case: the slow part of judging, kept until a rule or the case changes."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from benchmarks.faults import cases, logs
from benchmarks.faults.harm import Harm, harm

import ppo_doctor.diagnose
from ppo_doctor.diagnose.engine import diagnose

PREFIXES = (0.02, 0.05, 0.1, 0.15, 0.2, 0.35, 0.6)
"""Shares of the budget at which a run is judged while it goes on."""
SEEDS, FOLLOWED = 2, 1
"""Seeds of a case that are judged, and judged at every prefix: those of one case hardly differ."""
INPUTS = (".npz", ".probes.json", ".trials.json")
"""Endings of the files that a case is read from."""
Statuses = dict[str, str]


@dataclass(frozen=True, eq=False)
class Judged:
    """One run (a seed of a case) and what the rules say of it."""

    world: str
    part: str
    fault: str
    strength: float
    cause: str
    kind: str
    seed: int
    probed: bool
    """Whether probes of the environment and the audit of the learner were run."""
    harm: Harm
    whole: Statuses
    untried: Statuses
    """The same without the trials."""
    prefixes: dict[float, Statuses]
    """By share of the budget, without trials; empty for seeds that are not followed, and for the training part."""
    logs_only: Statuses
    """Of the same run as an SB3 progress.csv."""


@cache
def fingerprint() -> str:
    """Of everything that a rule's verdict depends on."""
    root = Path(ppo_doctor.diagnose.__file__).parent
    files = [*root.glob("*.py"), *(root / "rules").rglob("*.py"), Path(logs.__file__), *root.parent.glob("signal_*.py")]
    found = hashlib.sha256()
    for file in sorted(files):
        found.update(file.read_bytes())
    return found.hexdigest()[:16]


def statuses(path: Path) -> list[dict[str, object]]:
    """[seeds] the statuses of a case, from the file beside it where that is up to date."""
    beside, inputs = path.with_suffix(".verdicts.json"), [path.with_suffix(end) for end in INPUTS]
    stamp = " ".join([fingerprint(), *(str(file.stat().st_mtime_ns) for file in inputs if file.exists())])
    if beside.exists():
        kept = json.loads(beside.read_text(encoding="utf-8"))
        if kept["stamp"] == stamp:
            return kept["runs"]
    found = _judge(cases.load(path))
    beside.write_text(json.dumps({"stamp": stamp, "runs": found}), encoding="utf-8")
    return found


def _judge(case: cases.Case) -> list[dict[str, object]]:
    shares = PREFIXES if case.part == "test" else ()
    found: list[dict[str, object]] = []
    for k, run in enumerate(case.runs[:SEEDS]):
        before = cases.untried(run)
        early = {str(share): _statuses(before.until(int(share * case.budget))) for share in shares if k < FOLLOWED}
        whole = {"whole": _statuses(run), "untried": _statuses(before)}
        found.append(whole | {"prefixes": early, "logs_only": _statuses(logs.as_sb3(before))})
    return found


def _statuses(run: cases.Run) -> Statuses:
    return {outcome.rule.name: outcome.status for outcome in diagnose(run).outcomes}


def collect(cache_folder: Path, worlds: list[str], jobs: int = 2) -> list[Judged]:
    """Every run of every finished case, judged."""
    paths = [path for world in worlds for path in sorted((cache_folder / world).glob("*.npz"))]
    with get_context("spawn").Pool(jobs) as pool:
        said = dict(zip(paths, pool.map(statuses, paths, chunksize=4), strict=True))
    found = []
    for world in worlds:
        every = {path: cases.load(path, signals=False) for path in paths if path.parent.name == world}
        control = next((case for case in every.values() if not case.fault), None)
        if control is not None:
            for path, case in every.items():
                found += _joined(case, control, said[path], path.with_suffix(".probes.json").exists())
    return found


def unjudged(case: cases.Case, control: cases.Case, seed: int) -> Judged:
    """A run of which no rule was asked yet: enough to know the right verdict."""
    about = (case.world, case.part, case.fault, case.strength, case.cause, case.kind)
    return Judged(*about, seed, False, harm(case, control, seed), whole={}, untried={}, prefixes={}, logs_only={})


def _joined(case: cases.Case, control: cases.Case, said: list[dict[str, object]], probed: bool) -> list[Judged]:
    return [
        dataclasses.replace(
            unjudged(case, control, k),
            probed=probed,
            whole=one["whole"],
            untried=one["untried"],
            prefixes={float(share): row for share, row in one["prefixes"].items()},
            logs_only=one["logs_only"],
        )
        for k, one in enumerate(said)
    ]
