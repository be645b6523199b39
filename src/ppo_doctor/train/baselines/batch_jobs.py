"""What `batch_jobs` is compared with: the heuristics of the batch-scheduling literature, and a bound.

Without `hold`, a ranking heuristic starts the best-ranked job that fits now (greedy list scheduling) and waits when
none does. With `hold` it picks the best-ranked waiting job. Ties go to the job that came first. All of them read what
the agent may read: requested times, sizes, submission times and the clock, never run times.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike
from jaxtyping import Array, Bool, Float, Int, Key

from ppo_doctor.train.cluster import BSLD_SECONDS, EXPECTED_END, INDEX, PROCS, REQUEST, RUN, SIZE, SUBMIT, Trace
from ppo_doctor.train.env import View
from ppo_doctor.train.envs.batch_jobs import BatchJobs, Episode

Policy = Callable[[Key[Array, ""], Episode, View], Array]
Priority = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
METRIC, MINIMISE, REFERENCE = "bounded_slowdown", True, "sjf"
TINY = 1e-15

PRIORITIES: dict[str, Priority] = {
    "fcfs": lambda submit, procs, request: submit,
    "sjf": lambda submit, procs, request: request,
    "ljf": lambda submit, procs, request: -request,
    "saf": lambda submit, procs, request: request * procs,
    "f1": lambda submit, procs, request: np.log10(request) * procs + 870 * np.log10(np.where(submit > 0, submit, 0.1)),
}
"""Priorities that do not change while a job waits, from submission [s], processors and request [s] of all jobs;
lowest first. First come, shortest, longest, smallest area first; F1 of Carastan-Santos and de Camargo (SC 2017)."""


def policies(env: BatchJobs) -> dict[str, Policy]:
    """All baselines that make sense in `env`, in the order of a table (uniform random play is everybody's)."""
    ranked = {name: by_rank(env, name) for name in ("fcfs", "sjf", "ljf", "saf")}
    aged = {"wfp3": wfp3(env), "unicep": unicep(env), "f1": by_rank(env, "f1")}
    reserving = {} if env.hold else {"easy": Easy(env)}
    return {**ranked, **aged, **reserving, "rand_feas_no0": rand_feas_no0}


def attributes(trace: Trace) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Submission [s], processors and request [s] of every job of the trace, float64; 1 for the padding behind it."""
    whole = np.asarray(trace.whole).astype(np.float64)
    return whole[SUBMIT], np.maximum(whole[PROCS], 1), np.maximum(whole[REQUEST], 1)


def best(score: Array, able: Bool[Array, " window"]) -> Int[Array, ""]:
    """The action that starts the first job of lowest score among the able; the no-op if there is none."""
    worst = jnp.iinfo(jnp.int32).max if jnp.issubdtype(score.dtype, jnp.integer) else jnp.inf
    slot = jnp.argmin(jnp.where(able, score, worst))
    return jnp.where(jnp.any(able), 1 + slot, 0).astype(jnp.int32)


class ByRank(eqx.Module):
    """Lowest rank first. rank: place of every job of the trace, exact where float32 priorities would tie."""

    rank: Int[Array, " jobs"]

    def __call__(self, key: Key[Array, ""], state: Episode, view: View) -> Int[Array, ""]:
        """The slot of the job with the lowest rank."""
        del key
        return best(self.rank[state.cluster.whole[INDEX]], view.mask[1:])


def by_rank(env: BatchJobs, priority: str | Priority) -> ByRank:
    """The heuristic with a priority that does not change while a job waits; ties by arrival."""
    return ByRank(ranks(env.trace, priority))


def ranks(trace: Trace, priority: str | Priority) -> Int[Array, " jobs"]:
    """Place of every job of the trace (and of the padding) in the order of a priority; ties by arrival."""
    key = PRIORITIES[priority] if isinstance(priority, str) else priority
    order = np.argsort(key(*attributes(trace)), kind="stable")
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return jnp.asarray(place)


class ByAge(eqx.Module):
    """Largest weight x (wait + tiny)^power first. weight: of every job of the trace."""

    env: BatchJobs
    weight: Float[Array, " jobs"]
    power: int = eqx.field(static=True)

    def __call__(self, key: Key[Array, ""], state: Episode, view: View) -> Int[Array, ""]:
        """The slot of the job with the largest score."""
        del key
        cluster = state.cluster
        submitted = self.env.cluster(state.row).submitted(cluster, cluster.whole[SUBMIT])
        wait = (cluster.clock - submitted).astype(jnp.float32) + TINY
        return best(-(wait**self.power) * self.weight[cluster.whole[INDEX]], view.mask[1:])


def wfp3(env: BatchJobs) -> ByAge:
    """(wait / request)^3 x processors, largest first (Tang et al., CLUSTER 2009)."""
    _, procs, request = attributes(env.trace)
    return ByAge(env, jnp.asarray(procs / request**3, jnp.float32), 3)


def unicep(env: BatchJobs) -> ByAge:
    """wait / (log2(processors) x request), largest first (Tang et al., CLUSTER 2009). One-processor jobs go first, as
    the tiny number under the logarithm in RLScheduler has it."""
    _, procs, request = attributes(env.trace)
    return ByAge(env, jnp.asarray(1.0 / (np.log2(procs + TINY) * request), jnp.float32), 1)


class Easy(eqx.Module):
    """First come first served with EASY backfilling (Lifka 1995): the oldest job that fits now and, by its request,
    ends by the time reserved for the oldest job, or uses only processors that job leaves free."""

    env: BatchJobs

    def __call__(self, key: Key[Array, ""], state: Episode, view: View) -> Int[Array, ""]:
        """The first slot that does not delay the oldest job."""
        del key
        cluster = state.cluster
        shadow, spare = self._reservation(state)
        harmless = (cluster.clock + cluster.whole[REQUEST] <= shadow) | (cluster.whole[PROCS] <= spare)
        return best(jnp.arange(self.env.window), view.mask[1:] & (harmless | view.mask[1]))

    def _reservation(self, state: Episode) -> tuple[Int[Array, ""], Int[Array, ""]]:
        """When the oldest job can start by the requests of the running ones [s], and the processors it leaves."""
        cluster, machine = state.cluster, self.env.cluster(state.row)
        head = cluster.whole[PROCS, 0]
        shadow = machine.reserved(cluster, head)
        ended = machine.running(cluster) & (cluster.profile[EXPECTED_END] <= shadow)
        return shadow, cluster.free + jnp.sum(jnp.where(ended, cluster.profile[SIZE], 0)) - head


def rand_feas_no0(key: Key[Array, ""], state: Episode, view: View) -> Int[Array, ""]:
    """Uniform over the jobs that may be started; the no-op only if there is none."""
    del state
    return best(jax.random.uniform(key, view.mask[1:].shape), view.mask[1:])


def bound(env: BatchJobs, noise: ArrayLike) -> np.ndarray:
    """A lower bound of the mean bounded slowdown of any schedule of the episodes that `noise` [...] draws, float64.

    Lagrangian relaxation of the machine's size (time-indexed; Fisher 1973): let a processor-second at time t cost
    price(t) >= 0, let every job start where its own slowdown and bill are least, and refund what the whole machine
    is worth. For a feasible schedule the bills never exceed the refund, so for *any* price

        sum of bounded slowdowns >= sum over jobs of min over starts S >= submission of
            [slowdown(S) + procs x integral of price over (S, S + run)]  -  processors x integral of price.

    Price zero gives 1 per job; subgradient ascent improves it. The scheduler of this bound knows all arrivals and run
    times and may split a job among several starts, so it is far below what is attainable where the queue is long.
    """
    rows = np.asarray(jax.vmap(env.row)(jnp.ravel(jnp.asarray(noise))))
    return np.array([_bound(env, int(row)) for row in rows]).reshape(np.shape(noise))


def _bound(env: BatchJobs, row: int) -> float:
    start = int(env.starts[row])
    whole = np.asarray(env.trace.whole[:, start : start + env.n_jobs]).astype(np.int64)
    submit = np.asarray(env.cluster(jnp.int32(row)).scaled(jnp.asarray(whole[SUBMIT] - whole[SUBMIT, 0], jnp.int32)))
    return _relaxation(submit.astype(float), whole[RUN].astype(float), whole[PROCS].astype(float), int(env.processors))


class Cells(NamedTuple):
    """Times [...] on a grid of knots [k]: the cell each lies in, and the seconds since the cell's knot."""

    cell: np.ndarray
    rest: np.ndarray

    @staticmethod
    def of(times: np.ndarray, knots: np.ndarray) -> Cells:
        """Where the times lie; the last knot stands for all later ones."""
        times = np.minimum(times, knots[-1])
        cell = np.clip(np.searchsorted(knots, times, side="right") - 1, 0, len(knots) - 2)
        return Cells(cell, times - knots[cell])

    def paid(self, price: np.ndarray, width: np.ndarray) -> np.ndarray:
        """Integral of the price from the first knot to each time."""
        return np.concatenate([[0.0], np.cumsum(price * width)])[self.cell] + self.rest * price[self.cell]


def _relaxation(submit: np.ndarray, run: np.ndarray, procs: np.ndarray, machine: int, steps: int = 60) -> float:
    """The bound of one episode: mean over its jobs. The price is constant on cells between quantiles of submissions
    and evenly spaced times; a start is optimal where it or its end meets a knot, at submission, or at the slowdown's
    kink, so the minimum over starts is exact."""
    n, horizon = len(submit), float(np.max(submit + run) + np.sum(run * procs) / machine)
    knots = np.unique(np.concatenate([np.quantile(submit, np.linspace(0, 1, 24)), np.linspace(0, horizon, 24)]))
    width = np.diff(knots)
    earliest, ends = submit[:, None], np.maximum(BSLD_SECONDS - run, 0)[:, None]
    grid = np.broadcast_to(knots, (n, len(knots)))
    start = np.maximum(np.concatenate([earliest, earliest + ends, grid, grid - run[:, None]], axis=1), earliest)
    slowdown = np.maximum(1.0, (start - earliest + run[:, None]) / np.maximum(run, BSLD_SECONDS)[:, None])
    begins, finishes = Cells.of(start, knots), Cells.of(start + run[:, None], knots)
    price, best_price, best, aim, stalled = np.zeros(len(width)), np.zeros(len(width)), -np.inf, 0.3 * n, 0
    for _ in range(steps):
        total = slowdown + procs[:, None] * (finishes.paid(price, width) - begins.paid(price, width))
        chosen = np.argmin(total, axis=1)[:, None]
        value = float(np.sum(np.take_along_axis(total, chosen, 1)) - machine * np.sum(price * width))
        begun = np.take_along_axis(start, chosen, 1)
        used = procs @ (np.clip(begun + run[:, None] - knots[:-1], 0, width) - np.clip(begun - knots[:-1], 0, width))
        excess = used / width - machine
        excess = np.where((price <= 0) & (excess < 0), 0.0, excess)
        norm = float(np.sum(excess**2 * width))
        if value > best:
            best, best_price, stalled = value, price, 0
        else:
            stalled += 1
        if norm == 0.0:
            break
        # Polyak's step towards a value a little above the best; after ten failures from the best price, more humbly.
        price = np.maximum(0.0, price + (best + aim - value) / norm * excess)
        if stalled == 10:
            aim, price, stalled = aim * 0.6, best_price, 0
    return best / n
