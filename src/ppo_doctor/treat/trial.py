"""A run of our trainer, trained again with unusual settings put back: same environment, same seeds.

What is trained lies beside the run, as runs of their own that can be looked at, diagnosed and resumed:
`<run>-trials/<what>+<what>/seed<k>`, and `<run>-trials/as_is/seed<k>` for seeds that the run itself does not have.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ppo_doctor import runs, store
from ppo_doctor.errors import UserError
from ppo_doctor.train import envs, job
from ppo_doctor.train.job import Job
from ppo_doctor.train.settings import nearest
from ppo_doctor.treat.gain import SEEDS
from ppo_doctor.treat.proposals import SETTINGS, Proposal, changed, proposals
from ppo_doctor.treat.search import Arm, Found, search


@dataclass(frozen=True)
class Plan:
    """The trials of one run."""

    path: Path
    have: dict[int, Path]
    """Seed -> directory of the finished trainings as they are."""
    like: Job
    """The first of them."""
    found: tuple[Proposal, ...]
    """What is tried."""
    seeds: tuple[int, ...]
    """Seeds of every arm."""

    def jobs(self, arm: Arm) -> tuple[Job, ...]:
        """The trainings of an arm, one a seed; of the run as it is, those for seeds that it does not have."""
        room = self.path.with_name(f"{self.path.name}-trials") / ("+".join(one.name for one in arm) or "as_is")
        config = changed(self.like.config, arm)
        seeds = self.seeds if arm else [seed for seed in self.seeds if seed not in self.have]
        return tuple(dataclasses.replace(self.like, config=config, seed=k, path=room / f"seed{k}") for k in seeds)


def plan(path: Path, only: Sequence[str] = (), n_seeds: int = SEEDS) -> Plan:
    """What to train for the run in `path`. Raises `UserError` for an unfinished run and unknown or usual settings."""
    have = {(one := job.read(member)).seed: (member, one) for member in runs.members(path)}
    for member, _ in have.values():
        _finished(member)
    like = next(iter(have.values()))[1]
    found = _chosen(proposals(like.config, envs.make(like.system, **like.params)), only)
    more = (seed for seed in range(max(have) + 1, max(have) + 1 + n_seeds))
    seeds = [*sorted(have), *more][: max(n_seeds, len(have))]
    return Plan(path, {seed: member for seed, (member, _) in have.items()}, like, found, tuple(sorted(seeds)))


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


def conduct(plan: Plan, train: Callable[[Arm, tuple[Job, ...]], None]) -> Found:
    """Try what was planned; `train` trains the jobs of an arm, or goes on with them."""

    def returns(arm: Arm) -> list[float]:
        jobs = plan.jobs(arm)
        if jobs:
            train(arm, jobs)
        where = {**({} if arm else plan.have), **{one.seed: one.path for one in jobs}}
        return [_return(where[seed]) for seed in plan.seeds]

    chance = store.load(plan.like.path).scalar("random_return")
    return search(plan.found, returns, math.nan if chance is None else chance)


def _return(path: Path) -> float:
    """Mean return of the last evaluation; NaN without one."""
    run = store.load(path)
    return float(run.series("eval_mean_return").value[-1]) if "eval_mean_return" in run else math.nan
