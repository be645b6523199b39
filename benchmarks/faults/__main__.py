"""`python -m benchmarks.faults train | probe | trial | judge | bound`: see `docs/accuracy.md`."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.faults.train_command import STAGES
from benchmarks.faults.worlds import WORLDS

from ppo_doctor.errors import UserError

ROOT = Path(__file__).parents[2]


def main() -> None:
    """Run one command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__)
    parser.add_argument("command", choices=(*STAGES, "judge", "bound", *(f"work-{stage}" for stage in STAGES)))
    parser.add_argument("worlds", nargs="*", help=f"default: all of {', '.join(WORLDS)}")
    parser.add_argument("--cache", type=Path, default=ROOT / ".cache" / "faults")
    parser.add_argument("--jobs", type=int, default=2, help="worlds trained at the same time")
    parser.add_argument("--only", action="append", default=[], help="name of a fault; the control is always trained")
    parser.add_argument("--branches", action="store_true", help="leave out what must be compiled by itself")
    parser.add_argument("--install", action="store_true", help="let the doctor use the calibration that judge fits")
    given = parser.parse_intermixed_args()  # worlds may follow options
    if unknown := set(given.worlds) - set(WORLDS):
        parser.error(f"unknown world {', '.join(sorted(unknown))}; known: {', '.join(WORLDS)}")
    if given.jobs < 1:
        parser.error("--jobs must be at least 1")
    if given.only:
        from ppo_doctor.train import fault

        if unknown := set(given.only) - set(fault.names()):
            parser.error(f"unknown fault {', '.join(sorted(unknown))}; `ppo-doctor faults` lists them")
    try:
        _run(given, given.worlds or list(WORLDS))
    except UserError as error:
        parser.exit(2, f"{' '.join(str(error).split())}\n")


def _run(given: argparse.Namespace, worlds: list[str]) -> None:
    if given.command == "judge":
        from benchmarks.faults import judge_command

        judge_command.run(given.cache, worlds, ROOT, given.jobs, given.install)
        return
    if given.command == "bound":
        from benchmarks.faults import bound

        bound.run(given.cache)
        return
    from benchmarks.faults import train_command

    if given.command.startswith("work-"):
        for world in worlds:
            STAGES[given.command.removeprefix("work-")](given.cache, world, given.only, given.branches)
    else:
        train_command.run(given.cache, worlds, given.jobs, given.only, given.branches, given.command)


if __name__ == "__main__":
    main()
