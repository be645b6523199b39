"""Which waiting batch job to start next on a space-shared cluster, on real logs of the Parallel Workloads Archive.

An episode is a run of consecutive jobs of the trace on an empty machine; it ends when all have started. Action 0 is
the no-op, action k starts the job in slot k of the window (the oldest waiting jobs, in order of arrival).

Two ways to decide:

- `hold=False`: a job is startable if it fits now. The no-op lets time pass to the next arrival or release; it is legal
  only while one is due. With nothing waiting, time passes by itself.
- `hold=True`: the protocol of RLScheduler (Zhang et al., SC 2020). Every waiting job may be picked and there is no
  no-op; a picked job that does not fit holds the head of the queue until it does. With `backfill`, others overtake it
  meanwhile by EASY backfilling.

The agent sees requested times, never run times.
"""

from __future__ import annotations

import dataclasses
from typing import Any, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int, Key

from ppo_doctor.errors import UserError
from ppo_doctor.train import queue_view, swf
from ppo_doctor.train.cluster import (
    RUN,
    SUBMIT,
    Cluster,
    Started,
    State,
    Trace,
    bounded_slowdown,
    to_device,
)
from ppo_doctor.train.config import Config, Network, Schedule, constant
from ppo_doctor.train.env import AbstractEnv, Discrete, Step, View

N_JOBS = 256
MAX_STEPS = 3 * N_JOBS
SPLITS = {"train": (0.0, 0.6), "validation": (0.6, 0.75), "report": (0.75, 1.0)}
HOUR = 3600.0
REWARDS = {
    "slowdown": {"slowdown": 1.0},
    "slowdown-accrued": {"slowdown_accrued": 1.0},
    "wait": {"wait": 1.0},
    "utilisation": {"utilisation": 1.0},
    "makespan": {"makespan": 1.0},
    "shaped": {"throughput": 1.0, "makespan": 0.2, "deadline": 1.0, "idle": 0.05},
}


class Episode(NamedTuple):
    """cluster: the machine. row: which of the starts. accrued: bounded slowdowns charged so far (see `_terms`)."""

    cluster: State
    row: Int[Array, ""]
    accrued: Float[Array, ""]


class BatchJobs(AbstractEnv):
    """A machine, a pool of episode starts, and the weights of the reward's terms.

    trace: all jobs. starts: trace index of each episode's first job. work: mean time the machine needs for the
    episode's work [processor-seconds / processors]. processors, load, deadline: as in `Cluster`. unit: divides the
    slowdown terms of each episode. reference: bounded slowdown of each episode's jobs under a reference policy, or
    empty. weights: of the reward's terms, see `_terms`. rank: place of every job of the trace in a heuristic's order,
    or empty; prior_scale: how strongly that order is shown to a policy (`queue_view.prior`).
    n_jobs, window, slots, record: as in `Cluster`. hold, backfill: the way to decide.
    """

    trace: Trace
    starts: Int[Array, " pool"]
    work: Float[Array, " pool"]
    unit: Float[Array, " pool"]
    reference: Float[Array, "pool known"]
    processors: Int[Array, ""]
    load: Float[Array, ""]
    deadline: Float[Array, ""]
    weights: dict[str, Float[Array, ""]]
    rank: Int[Array, " ranked"]
    prior_scale: Float[Array, ""]
    n_jobs: int = eqx.field(static=True)
    window: int = eqx.field(static=True)
    slots: int = eqx.field(static=True)
    hold: bool = eqx.field(static=True)
    backfill: bool = eqx.field(static=True)
    record: bool = eqx.field(static=True)

    @property
    def space(self) -> Discrete:
        """No-op, then the window's slots."""
        return Discrete(1 + self.window)

    @property
    def max_steps(self) -> int:
        """No episode is longer: a step starts a job or (without `hold`) consumes one of two events of a job."""
        return self.n_jobs if self.hold else 3 * self.n_jobs

    def cluster(self, row: Int[Array, ""]) -> Cluster:
        """The machine of the episodes that begin at `starts[row]`."""
        return Cluster(
            self.trace, self.processors, self.load, self.deadline, self.reference, row,
            self.n_jobs, self.window, self.slots, self.record,
        )  # fmt: skip

    def draw(self, key: Key[Array, ""]) -> Float[Array, ""]:
        """Where the next episode begins; a step is deterministic."""
        return jax.random.uniform(key)

    def row(self, noise: Float[Array, ""]) -> Int[Array, ""]:
        """The row of `starts` that this noise picks."""
        n = self.starts.shape[0]
        return jnp.minimum((noise * n).astype(jnp.int32), n - 1)

    def reset(self, noise: Float[Array, ""]) -> tuple[Episode, View]:
        """An empty machine at the first job of a uniformly drawn episode."""
        return self.begin(self.row(noise))

    def begin(self, row: Int[Array, ""]) -> tuple[Episode, View]:
        """An empty machine at the first job of episode `row` of the pool."""
        cluster = self.cluster(row)
        state = cluster.begin(self.starts[row], together=not self.hold)
        accrued = self._accrued(cluster, state) if "slowdown_accrued" in self.weights else jnp.zeros(())
        return Episode(state, row, accrued), self.view(state)

    def step(self, noise: Float[Array, ""], state: Episode, action: Int[Array, ""]) -> tuple[Episode, Step]:
        """Start a job or let time pass. An illegal action counts as `invalid` and does what comes nearest to it:
        a job that cannot start is a no-op; without a no-op, the oldest job is picked."""
        del noise
        before, cluster = state.cluster, self.cluster(state.row)
        mask = self.mask(before)
        legal = mask[action]
        if self.hold:
            after, tally = self._pick(cluster, before, jnp.where(legal, action - 1, 0))
            noop = jnp.zeros((), bool)
        else:
            noop = ~legal | (action == 0)
            after, tally = cluster.launch(before, jnp.maximum(action - 1, 0), ~noop)
            after = cluster.next_event(after, noop)
        done = after.started == self.n_jobs
        terms, accrued = self._terms(state, after, tally, done, noop & jnp.any(mask[1:]))
        flags = {
            "noop": noop,
            "feasible": jnp.any(mask[1:]),
            "avoidable_noop": noop & jnp.any(mask[1:]),
            "invalid": ~legal,
        }
        metrics = self._metrics(state.row, after, tally, done) | {name: x * 1.0 for name, x in flags.items()}
        reward = sum(terms.values(), jnp.zeros(()))
        out = Step(self.view(after), reward, done, jnp.zeros((), bool), metrics, terms)
        return Episode(after, state.row, accrued), out

    def _pick(self, cluster: Cluster, state: State, slot: Int[Array, ""]) -> tuple[State, Started]:
        """The RLScheduler step: the job in `slot` holds the head until it fits, then starts."""
        sure = jnp.ones((), bool)
        if not self.backfill:
            state, tally = cluster.launch(cluster.hold(state, slot), slot, sure)
            return cluster.next_arrival(state), tally
        state, slot, others = cluster.hold_backfilling(state, slot)
        state, tally = cluster.launch(state, slot, sure)
        return cluster.next_arrival(state), jax.tree.map(jnp.add, tally, others)

    # --- reward ---

    def _accrued(self, cluster: Cluster, state: State) -> Float[Array, ""]:
        """Sum of the bounded slowdowns the window's jobs would have if they started now."""
        now = bounded_slowdown(state.clock - cluster.submitted(state, state.whole[SUBMIT]), state.whole[RUN])
        return jnp.sum(jnp.where(jnp.arange(self.window) < state.waiting, now, 0.0))

    def _span(self, state: State, row: Int[Array, ""]) -> Float[Array, ""]:
        """A lower bound of the makespan [s]: the work on all processors, or the last arrival."""
        last = self.trace.whole[SUBMIT, state.start + self.n_jobs - 1] - self.trace.whole[SUBMIT, state.start]
        return jnp.maximum(self.work[row], last / self.load)

    def _terms(
        self, episode: Episode, after: State, tally: Started, done: Bool[Array, ""], idle: Bool[Array, ""]
    ) -> tuple[dict[str, Float[Array, ""]], Float[Array, ""]]:
        """The reward's weighted terms, and the slowdown accrued so far.

        slowdown: minus a started job's bounded slowdown (minus the reference's) / n_jobs / unit. slowdown_accrued:
        the same sum, charged while the job waits in the window. wait: hours / n_jobs. utilisation: at the end.
        makespan: minus elapsed time over its lower bound. deadline: minus missed deadlines / n_jobs. idle: minus
        avoidable no-ops / n_jobs. throughput: work started over the episode's work.
        """
        before, row = episode.cluster, episode.row
        scale = 1.0 / (self.n_jobs * self.unit[row])
        elapsed = jnp.where(done, after.last_end, after.clock) - before.clock
        work = self.work[row] * self.processors
        accrued = episode.accrued
        terms = {}
        if "slowdown_accrued" in self.weights:
            waiting = self._accrued(self.cluster(row), after)
            accrued = waiting
            growth = tally.slowdown + waiting - episode.accrued
            terms["slowdown_accrued"] = -(growth - tally.reference) * scale
        terms |= {
            "slowdown": -(tally.slowdown - tally.reference) * scale,
            "wait": -tally.wait / (HOUR * self.n_jobs),
            "utilisation": jnp.where(done, self.work[row] / jnp.maximum(after.last_end, 1), 0.0),
            "makespan": -elapsed / self._span(before, row),
            "deadline": -tally.misses / self.n_jobs,
            "idle": idle / -self.n_jobs,
            "throughput": tally.work / work,
        }
        return {name: weight * terms[name] for name, weight in self.weights.items()}, accrued

    def _metrics(
        self, row: Int[Array, ""], after: State, tally: Started, done: Bool[Array, ""]
    ) -> dict[str, Float[Array, ""]]:
        """Shares of means over jobs (bounded slowdown, wait [s]), misses; at the end utilisation and makespan [s]."""
        return {
            "bounded_slowdown": tally.slowdown / self.n_jobs,
            "wait": tally.wait / self.n_jobs,
            "utilisation": jnp.where(done, self.work[row] / jnp.maximum(after.last_end, 1), 0.0),
            "makespan": jnp.where(done, after.last_end, 0) * 1.0,
            "deadline_misses": tally.misses,
        }

    # --- observation ---

    def mask(self, state: State) -> Bool[Array, " actions"]:
        """No-op, then slots. Something is always legal: a job that fits nowhere waits for a release."""
        if self.hold:
            slots = jnp.arange(self.window) < state.waiting
            noop = state.waiting == 0
        else:
            slots = self.cluster(jnp.zeros((), jnp.int32)).fits(state)
            noop = (state.live > 0) | (state.arrived < self.n_jobs) | (state.waiting == 0)
        return jnp.concatenate([noop[None], slots])

    def view(self, state: State) -> View:
        """What the agent sees (`queue_view.observe`), and what it may do."""
        cluster = self.cluster(jnp.zeros((), jnp.int32))
        obs = queue_view.observe(cluster, state)
        if self.rank.size:
            obs["prior"] = queue_view.prior(self.rank, self.prior_scale, cluster, state)
        return View(obs, self.mask(state))


def make(
    split: str = "train",
    *,
    trace: str = "lublin-1",
    n_jobs: int = N_JOBS,
    window: int = 128,
    slots: int | None = None,
    hold: bool = False,
    backfill: bool = False,
    reward: str = "slowdown",
    per_window: bool = True,
    pool: int | None = None,
    load: float = 1.0,
    deadline: float = 10.0,
    prior: str = "",
    prior_scale: float = 3.0,
    record: bool = False,
) -> BatchJobs:
    """The environment on one part of a trace.

    split: train, validation or report: the first 60, next 15 and last 25 % of the jobs; no episode straddles them.
    trace: lublin-1, lublin-2, hpc2n, ctc, or the path of an SWF file. slots: jobs that may run at once; by default
    as many as processors. reward: one of `REWARDS`, for the slowdown ones with an optional `-vs-HEURISTIC` behind:
    charged relative to that heuristic's schedule of the same jobs. per_window: then also divide by its mean bounded
    slowdown of the episode. prior: fcfs, sjf, ljf, saf or f1: a policy starts as this heuristic, more surely the larger
    `prior_scale`, and learns where to depart from it. pool: at most this many starts, evenly spread (default: all; 2048
    with a reference). load: arrivals come this much faster; scaled times are whole seconds, and with `load` != 1 and
    hold=False jobs that fall into one second arrive one event after the other, not together.
    """
    jobs = swf.read(swf.locate(trace))
    return from_jobs(
        jobs, _starts(jobs, split, n_jobs, pool or (2048 if "-vs-" in reward else None)),
        n_jobs=n_jobs, window=window, slots=slots, hold=hold, backfill=backfill, reward=reward, per_window=per_window,
        load=load, deadline=deadline, prior=prior, prior_scale=prior_scale, record=record,
    )  # fmt: skip


def _starts(jobs: swf.Jobs, split: str, n_jobs: int, pool: int | None) -> np.ndarray:
    """First jobs of all episodes that lie whole within a part of the trace, thinned evenly to at most `pool`."""
    if split not in SPLITS:
        raise UserError(f"no split {split!r}; there are {', '.join(SPLITS)}")
    low, high = (round(share * len(jobs)) for share in SPLITS[split])
    starts = np.arange(low, high - n_jobs + 1)
    if n_jobs < 1 or not len(starts):
        raise UserError(f"{jobs.name}: the {split} part has {high - low} jobs, too few for episodes of n_jobs={n_jobs}")
    if pool is not None and pool < len(starts):
        starts = starts[np.linspace(0, len(starts) - 1, pool).round().astype(int)]
    return starts


def from_jobs(
    jobs: swf.Jobs,
    starts: np.ndarray,
    *,
    n_jobs: int = N_JOBS,
    window: int = 128,
    slots: int | None = None,
    hold: bool = False,
    backfill: bool = False,
    reward: str = "slowdown",
    per_window: bool = True,
    load: float = 1.0,
    deadline: float = 10.0,
    prior: str = "",
    prior_scale: float = 3.0,
    record: bool = False,
) -> BatchJobs:
    """The environment on given jobs and episode starts; the other parameters as in `make`."""
    from ppo_doctor.train.baselines import batch_jobs as baselines  # they import this module

    term, _, reference = reward.partition("-vs-")
    if term not in REWARDS or (reference and not term.startswith("slowdown")):
        raise UserError(f"no reward {reward!r}; there are {', '.join(REWARDS)}; slowdown ones also with -vs-sjf etc.")
    if window < 1 or load <= 0 or (slots is not None and slots < 1):
        raise UserError("window and slots must be at least 1 and load positive")
    if prior and prior not in baselines.PRIORITIES:
        raise UserError(f"no prior {prior!r}; there are {', '.join(baselines.PRIORITIES)}, or none")
    if hold and slots is not None and slots < jobs.processors:
        raise UserError(f"hold=True needs a slot per processor: slots >= {jobs.processors}")
    trace = to_device(jobs, window)
    area = np.concatenate([[0], np.cumsum(jobs.run * jobs.procs)])
    env = BatchJobs(
        trace=trace,
        starts=jnp.asarray(starts, jnp.int32),
        work=jnp.asarray((area[starts + n_jobs] - area[starts]) / jobs.processors, jnp.float32),
        unit=jnp.ones(len(starts)),
        reference=jnp.zeros((len(starts), 0)),
        processors=jnp.asarray(jobs.processors, jnp.int32),
        load=jnp.asarray(load, jnp.float32),
        deadline=jnp.asarray(deadline, jnp.float32),
        weights={name: jnp.asarray(weight, jnp.float32) for name, weight in REWARDS[term].items()},
        rank=baselines.ranks(trace, prior) if prior else jnp.zeros(0, jnp.int32),
        prior_scale=jnp.asarray(prior_scale, jnp.float32),
        n_jobs=n_jobs, window=window, slots=slots or jobs.processors, hold=hold, backfill=backfill, record=record,
    )  # fmt: skip
    return _against(env, reference, per_window) if reference else env


def _against(env: BatchJobs, heuristic: str, per_window: bool) -> BatchJobs:
    """The same environment with the heuristic's bounded slowdowns as reference (Mao et al. 2019: an input-driven
    baseline: what the same arrivals would have cost under a fixed policy is not the agent's doing)."""
    from ppo_doctor.train import schedules  # here, because schedules are made with environments

    slowdown = schedules.play(env, schedules.heuristic(env, heuristic)).slowdown()
    unit = slowdown.mean(axis=1) if per_window else np.ones(len(slowdown))
    fields = (jnp.asarray(slowdown, jnp.float32), jnp.asarray(unit, jnp.float32))
    return eqx.tree_at(lambda e: (e.reference, e.unit), env, fields)


_LEARN = Config(
    total_steps=2_000_000,
    n_envs=64,
    n_steps=128,
    batch_size=1024,
    n_epochs=4,
    grad_chunks=16,
    learning_rate=Schedule(3e-3, 1e-5, "linear"),
    ent_coef=constant(0.0),
    gamma=1.0,
    gae_lambda=0.97,
    normalize_targets=True,
    probe_every=4,
    network=Network(kind="scorer", actor=(32, 16), critic=(64, 64), activation="relu"),
)

CONFIGS: dict[str, Config] = {
    "default": _LEARN,
    "demo": dataclasses.replace(_LEARN, total_steps=1_000_000),
    "protocol": dataclasses.replace(_LEARN, total_steps=8_000_000, learning_rate=Schedule(4e-3, 1e-5, "linear")),
}
"""protocol: long training under RLScheduler's rules, for the comparison with published figures."""

PARAMS: dict[str, dict[str, Any]] = {
    "default": {"reward": "slowdown-vs-f1", "window": 64},
    "demo": {"trace": "hpc2n", "reward": "slowdown-vs-f1", "window": 64},
    "protocol": {"hold": True, "n_jobs": 1024, "window": 96, "reward": "slowdown-vs-f1"},
}
"""Environment parameters that go with each configuration; `--set env.NAME=VALUE` overrides them."""
