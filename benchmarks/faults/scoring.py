"""How right the doctor is: true causes against ranked ones; the calibration is fitted on the training part alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from benchmarks.faults.verdicts import PREFIXES, Judged, Statuses
from benchmarks.faults.worlds import WORLDS

from ppo_doctor.diagnose import calibration as counts
from ppo_doctor.diagnose import differential
from ppo_doctor.diagnose.calibration import Calibration
from ppo_doctor.diagnose.differential import BENIGN, Model

TEMPERATURES = np.geomspace(0.5, 12.0, 25)
PER_CASE = 1
"""Seeds of a case that the temperature is fitted on: seeds of one case hardly differ."""
ALARM = 0.5
"""Probability of one cause that blames something, from which a run counts as accused."""


@dataclass(frozen=True, eq=False)
class Trial:
    """A run with the verdict that would be right."""

    run: Judged
    truth: str


def trials(judged: Iterable[Judged]) -> list[Trial]:
    """Runs whose right verdict is known: faults that did harm, controls that learned, mutants that did none."""
    return [Trial(run, truth) for run in judged if (truth := verdict(run)) is not None]


def verdict(run: Judged) -> str | None:
    """The right verdict on a run; None if the case does not count."""
    if run.cause:
        return run.cause if run.harm.worse else None
    if holds := WORLDS[run.world].holds:
        return holds[0]
    return "healthy" if run.harm.learned and (not run.fault or run.harm.lost < 0.1) else None


def by_construction(judged: Iterable[Judged]) -> list[Trial]:
    """Runs whose defect is there though learning did not suffer: the evaluation's and the log's."""
    return [Trial(run, run.cause) for run in judged if run.cause and run.kind == "evaluation" and not run.harm.worse]


def calibrate(train: Sequence[Trial], made_by: str) -> Calibration:
    """Counts of the training part, with the temperature that judges each world best by the counts of the others."""
    found = tally(train, made_by)
    worlds = sorted({trial.run.world for trial in train})
    losses = np.zeros(len(TEMPERATURES))
    for world in worlds:
        known = differential.model(tally(t for t in train if t.run.world != world))
        judged = [trial for trial in train if trial.run.world == world and trial.run.seed < PER_CASE]
        losses += [_loss(judged, known, float(t)) * len(judged) for t in TEMPERATURES]
    return dataclasses.replace(found, temperature=float(TEMPERATURES[int(np.argmin(losses))])) if worlds else found


def tally(some: Iterable[Trial], made_by: str = "") -> Calibration:
    """Counts of every run as a whole, and as a bare log, where rules make do with less; a mutant that did no harm is no
    mechanism of health."""
    ways = [(trial, trial.run.fault if trial.run.cause else "") for trial in some]
    seen = ((trial.truth, way, view) for trial, way in ways for view in (trial.run.whole, trial.run.logs_only))
    return counts.tally(seen, made_by)


def _loss(judged: Sequence[Trial], known: Model, temperature: float) -> float:
    found = ranked([trial.run.whole for trial in judged], dataclasses.replace(known, temperature=temperature))
    return counts.log_loss([one.get(trial.truth, 0.0) for one, trial in zip(found, judged, strict=True)])


def ranked(statuses: Iterable[Statuses], known: Model) -> list[dict[str, float]]:
    """Cause -> probability, the most probable first, for each run."""
    ids = [cause.id for cause in known.causes]
    found = []
    for one in statuses:
        probability = differential.posterior(one, known)
        order = np.argsort(-probability, kind="stable")
        found.append({ids[k]: float(probability[k]) for k in order})
    return found


def place(found: dict[str, float], truth: str) -> int:
    """Place of the true cause, counted from 1; beyond all of them if it is not among them."""
    names = list(found)
    return names.index(truth) + 1 if truth in found else len(names) + 1


def accused(trial: Trial, found: dict[str, float]) -> str | None:
    """The cause that a sound run is accused of, if it is: blaming, above `ALARM`, and not true of its environment."""
    first = next(iter(found))
    right = (*BENIGN, *WORLDS[trial.run.world].holds)
    return first if first not in right and found[first] > ALARM else None


def detection(run: Judged, truth: str, known: Model) -> float:
    """Share of the budget from which on the true cause comes first, and stays; infinite if it never does."""
    whole = ranked([run.whole], known)[0]
    if place(whole, truth) != 1:
        return float("inf")
    found, first = ranked([run.prefixes[share] for share in PREFIXES], known), 1.0
    for share, one in reversed(list(zip(PREFIXES, found, strict=True))):
        if place(one, truth) != 1:
            break
        first = share
    return first


@dataclass(frozen=True)
class Share:
    """A count of successes with its 95 % interval (Wilson), and how many cases (not runs) it rests on."""

    hits: int
    n: int

    @property
    def value(self) -> float:
        return self.hits / self.n if self.n else float("nan")

    @property
    def interval(self) -> tuple[float, float]:
        if not self.n:
            return float("nan"), float("nan")
        z, p, n = 1.96, self.value, self.n
        centre = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return max(0.0, centre - half), min(1.0, centre + half)

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.value:.0%} ({self.hits} of {self.n}; {low:.0%} to {high:.0%})" if self.n else "no cases"


def share(flags: Iterable[bool]) -> Share:
    """How many of `flags` are true."""
    flags = list(flags)
    return Share(sum(flags), len(flags))
