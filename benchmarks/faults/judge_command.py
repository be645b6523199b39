"""Judge what was trained: fit the calibration on the training part, write it and the figures of the held-out part."""

from __future__ import annotations

from pathlib import Path

from benchmarks.faults import cases, report, scoring, verdicts

from ppo_doctor.diagnose import calibration as counts
from ppo_doctor.diagnose import differential
from ppo_doctor.errors import UserError

MADE_BY = "make bench-faults"


def run(cache: Path, worlds: list[str], root: Path, jobs: int, install: bool) -> None:
    """Write the calibration into `cache` (and the package, if to be installed), `docs/accuracy.md` and its pictures."""
    judged = verdicts.collect(cache, worlds, jobs)
    train = scoring.trials(run for run in judged if run.part == "train")
    if not train:
        raise UserError(f"{cache} holds no finished control and fault of the training part: train first")
    fitted = scoring.calibrate(train, MADE_BY)
    known, untrained = differential.model(fitted), differential.model(counts.Calibration())
    for path in [cache / "calibration.json"] + [counts.FILE] * install:
        path.write_text(fitted.to_json(), encoding="utf-8")
    missing = cases.missing(cache, worlds)
    page = report.document(judged, known, untrained, fitted.temperature, MADE_BY, missing)
    (root / "docs" / "accuracy.md").write_text(page, encoding="utf-8")
    print(page)
    tested = report.score(scoring.trials(run for run in judged if run.part == "test"), known)
    try:
        from benchmarks.faults import picture
    except ImportError:
        print("no pictures: install matplotlib")
        return
    picture.draw(tested, root / "docs")
