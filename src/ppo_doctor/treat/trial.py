"""A run of our trainer, trained again with one setting changed at a time: same environment, same seeds.

What is trained lies beside the run, as runs of their own that can be looked at, diagnosed and resumed:
`<run>-trials/<what>/seed<k>`, and `<run>-trials/as_is/seed<k>` for seeds that the run itself does not have.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ppo_doctor import runs, store
from ppo_doctor.errors import UserError
from ppo_doctor.train import job
from ppo_doctor.train.job import Job
from ppo_doctor.train.settings import nearest
from ppo_doctor.treat.gain import SEEDS, gain
from ppo_doctor.treat.proposals import SETTINGS, Proposal, proposals


@dataclass(frozen=True)
class Plan:
    """The trials of one run."""

    path: Path
    have: dict[int, Path]
    """Seed -> directory of the finished trainings as they are."""
    control: tuple[Job, ...]
    """Trainings as they are that are still to be done."""
    arms: dict[Proposal, tuple[Job, ...]]
    """What is tried -> one training a seed."""

    @property
    def seeds(self) -> tuple[int, ...]:
        """Seeds of every arm."""
        return tuple(sorted({*self.have, *(one.seed for one in self.control)}))


def plan(path: Path, real_actions: bool, only: Sequence[str] = (), n_seeds: int = SEEDS) -> Plan:
    """What to train for the run in `path`. Raises `UserError` for an unfinished run and unknown or usual settings."""
    have = {(one := job.read(member)).seed: (member, one) for member in runs.members(path)}
    for member, _ in have.values():
        _finished(member)
    first = next(iter(have.values()))[1]
    found = _chosen(proposals(first.config, real_actions), only)
    more = (seed for seed in range(max(have) + 1, max(have) + 1 + n_seeds))
    seeds = [*sorted(have), *more][: max(n_seeds, len(have))]
    room = path.with_name(f"{path.name}-trials")

    def jobs(name: str, like: Job, chosen: Sequence[int]) -> tuple[Job, ...]:
        return tuple(dataclasses.replace(like, seed=seed, path=room / name / f"seed{seed}") for seed in chosen)

    arms = {one: jobs(one.name, dataclasses.replace(first, config=one.config), seeds) for one in found}
    control = jobs("as_is", first, [seed for seed in seeds if seed not in have])
    return Plan(path, {seed: member for seed, (member, _) in have.items()}, control if arms else (), arms)


def _finished(member: Path) -> None:
    if (status := store.load(member).meta.get("status")) != "finished":
        raise UserError(f"{member} is {status}, not finished: go on with `ppo-doctor train --resume {member}` first")


def _chosen(found: tuple[Proposal, ...], only: Sequence[str]) -> tuple[Proposal, ...]:
    if unknown := [name for name in only if name not in SETTINGS]:
        raise UserError(f"no trial of {', '.join(unknown)}; {nearest(unknown[0], SETTINGS)}")
    known = {one.setting: one for one in found}
    if missing := [name for name in only if name not in known]:
        usual = f"far from usual are {', '.join(known)}" if known else "every setting is usual"
        raise UserError(f"nothing to try on {', '.join(missing)}: {usual}")
    return tuple(one for one in found if not only or one.setting in only)


def gains(done: Plan) -> dict[str, float]:
    """Signal -> what the trial gained, by the finished trainings; gains that are no number are left out."""
    before = _returns({**done.have, **{one.seed: one.path for one in done.control}}, done.seeds)
    chance = store.load(next(iter(done.have.values()))).scalar("random_return")
    found = {}
    for proposal, jobs in done.arms.items():
        after = _returns({one.seed: one.path for one in jobs}, done.seeds)
        found[proposal.signal] = gain(after, before, math.nan if chance is None else chance)
    return {name: value for name, value in found.items() if math.isfinite(value)}


def _returns(where: dict[int, Path], seeds: Sequence[int]) -> list[float]:
    """[seeds] mean return of the last evaluation."""
    return [float(store.load(where[seed]).series("eval_mean_return").value[-1]) for seed in seeds]
