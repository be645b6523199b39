"""Several seeds as one program on accelerators: `vmap` of the update over stacked learners, compiled once.

Recording is per seed, as in `session`. The stacked checkpoint in the first seed's directory is what a resume goes on
from: one file, so that all seeds stand at the same update whenever the process dies.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Sequence
from typing import Any, TypeVar

import jax
import jax.numpy as jnp

from ppo_doctor.train import checkpoint, ppo, session, shard
from ppo_doctor.train.env import AbstractEnv
from ppo_doctor.train.job import Events, Failure, Job, Progress
from ppo_doctor.train.ppo import Learner, Signals
from ppo_doctor.train.session import Session

T = TypeVar("T")


def follow(jobs: Sequence[Job], resume: bool = False, devices: Sequence[Any] | None = None) -> Events:
    """Train jobs that differ in seed and directory only, side by side; yield every seed's progress after each update.

    A seed whose numbers stay non-finite yields a `Failure`; the others go on. Leaving the loop early saves all.
    Seeds that were begun one by one, on a CPU, go on one by one: they stand at different updates.
    """
    if resume and not saved(jobs).exists() and any((job.path / "checkpoints" / "last.eqx").exists() for job in jobs):
        for job in jobs:
            yield from session.follow(job, resume)
        return
    env = session.make(jobs[0], "train")
    learners, sessions = _begin(jobs, env, resume)
    group = Group(jobs, sessions, shard.mesh(devices))
    try:
        learners, env = shard.place(learners, jobs[0].config, group.mesh, len(jobs)), shard.replicate(env, group.mesh)
        update = compiled(jobs[0].config)
        while group.active and group.update < jobs[0].config.n_updates:
            begin = time.perf_counter()
            after, packed = update(env, learners)
            signals = jax.device_get(packed)
            learners, events = group.record(after, signals, time.perf_counter() - begin)
            yield from events
    except (KeyboardInterrupt, GeneratorExit) as error:
        group.save(learners)
        group.close(error)
        raise
    except BaseException as error:
        group.close(error)
        raise
    group.close(None)


@functools.cache
def compiled(config: Any) -> Any:
    """`update(env, learners)` for stacked learners, which it consumes."""
    one = functools.partial(ppo.update_one, config)
    return jax.jit(jax.vmap(one, in_axes=(None, 0)), donate_argnums=1, compiler_options=ppo.COMPILER)


def stack(learners: Sequence[Learner]) -> Learner:
    """One learner whose leaves lead with an axis of seeds."""
    return jax.tree.map(lambda *leaves: jnp.stack(leaves), *learners)


def take(stacked: T, n: int) -> T:
    """The n-th of stacked learners or signals."""
    return jax.tree.map(lambda leaf: leaf[n], stacked)


def saved(jobs: Sequence[Job]) -> Any:
    """Path of the stacked checkpoint."""
    return jobs[0].path / "checkpoints" / "stacked.eqx"


def _begin(jobs: Sequence[Job], env: AbstractEnv, resume: bool) -> tuple[Learner, list[Session]]:
    if resume and saved(jobs).exists():
        learners = checkpoint.load(saved(jobs), jobs[0].config, env, stacked=len(jobs))
        return learners, [session.reopen(job, env, take(learners, n)) for n, job in enumerate(jobs)]
    pairs = [session.begin(job, env, resume) for job in jobs]
    return stack([learner for _, learner in pairs]), [one for one, _ in pairs]


class Group:
    """The recording side of several trainings in step."""

    def __init__(self, jobs: Sequence[Job], sessions: Sequence[Session], mesh: Any) -> None:
        self.jobs, self.mesh = jobs, mesh
        self.update = sessions[0].update
        self.active = dict(enumerate(sessions))

    def record(self, learners: Learner, packed: Signals, seconds: float) -> tuple[Learner, list[Progress | Failure]]:
        """`Session.record` for every seed still active; packed: signals of all seeds."""
        self.update += 1
        steps = self.update * self.jobs[0].config.rollout_rows
        extra = {"env_steps": float(steps), "steps_per_second": steps / self.update / seconds}
        events: list[Progress | Failure] = []
        for n, one in list(self.active.items()):
            signals = ppo.flatten(one.job.config, self.update - 1, take(packed, n)) | extra
            needed = one.due(self.update) or signals["refused"] > 0  # else `record` does not look at the learner
            now = take(learners, n) if needed else learners
            after, progress = one.record(now, signals)
            if after is not now:
                pulses = learners.controls.pulse_left.at[n].set(after.controls.pulse_left)
                learners = learners._replace(controls=learners.controls._replace(pulse_left=pulses))
            events.append(progress)
            if signals["refused"] > 0 and int(now.controls.refusals) >= ppo.MAX_REFUSALS:
                one.writer.finish("failed")
                del self.active[n]
                events.append(Failure(one.job.seed, f"{ppo.MAX_REFUSALS} updates in a row had non-finite numbers"))
        if any(one.due(self.update) for one in self.active.values()):
            checkpoint.save(saved(self.jobs), learners)
        return learners, events

    def save(self, learners: Learner) -> None:
        """Last checkpoints of all, unless an interrupted update has consumed the learners."""
        if session.consumed(learners):
            return
        for n, one in self.active.items():
            one.save(take(learners, n))
        checkpoint.save(saved(self.jobs), learners)

    def close(self, error: BaseException | None) -> None:
        """Finish every run still active, with the status that `error` means."""
        for one in self.active.values():
            one.writer.__exit__(None if error is None else type(error), error, None)
