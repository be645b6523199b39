"""What `batch_jobs` is compared with: the heuristics of the batch-scheduling literature, and a bound.

Without `hold`, a ranking heuristic starts the best-ranked job that fits now (greedy list scheduling) and waits when
none does. With `hold` it picks the best-ranked waiting job. Ties go to the job that came first. All of them read what
the agent may read: requested times, sizes, submission times and the clock, never run times.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int, Key

from ppo_doctor.train.cluster import BSLD_SECONDS, PROCS, REQUEST, RUN, SUBMIT, State
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
    """All baselines that make sense in `env`, in the order of a table."""
    ranked = {name: by_rank(env, name) for name in ("fcfs", "sjf", "ljf", "saf")}
    ranked |= {"wfp3": wfp3(env), "unicep": unicep(env), "f1": by_rank(env, "f1")}
    ranked |= {} if env.hold else {"easy": easy(env)}
    ranked |= {"rand_feas_no0": rand_feas_no0}
    ranked |= {} if env.hold else {"random": random_legal}
    # Plain functions: the evaluation needs policies that hash.
    return {name: _plain(policy) for name, policy in ranked.items()}


def _plain(policy: Policy) -> Policy:
    return lambda key, state, view: policy(key, state, view)


def attributes(env: BatchJobs) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Submission [s], processors and request [s] of every job of the trace, float64; 1 for the padding behind it."""
    whole = np.asarray(env.trace.whole).astype(np.float64)
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
        return best(self.rank[state.cluster.start + state.cluster.index], view.mask[1:])


def by_rank(env: BatchJobs, priority: str | Priority) -> ByRank:
    """The heuristic with a priority that does not change while a job waits; ties by arrival."""
    key = PRIORITIES[priority] if isinstance(priority, str) else priority
    order = np.argsort(key(*attributes(env)), kind="stable")
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return ByRank(jnp.asarray(place))


class ByAge(eqx.Module):
    """Largest weight x (wait + tiny)^power first. weight: of every job of the trace."""

    weight: Float[Array, " jobs"]
    power: int = eqx.field(static=True)

    def __call__(self, key: Key[Array, ""], state: Episode, view: View) -> Int[Array, ""]:
        """The slot of the job with the largest score."""
        del key
        cluster = state.cluster
        wait = (cluster.clock - cluster.whole[SUBMIT]).astype(jnp.float32) + TINY
        return best(-(wait**self.power) * self.weight[cluster.start + cluster.index], view.mask[1:])


def wfp3(env: BatchJobs) -> ByAge:
    """(wait / request)^3 x processors, largest first (Tang et al., CLUSTER 2009)."""
    _, procs, request = attributes(env)
    return ByAge(jnp.asarray(procs / request**3, jnp.float32), 3)


def unicep(env: BatchJobs) -> ByAge:
    """wait / (log2(processors) x request), largest first (Tang et al., CLUSTER 2009). One-processor jobs go first, as
    the tiny number under the logarithm in RLScheduler has it."""
    _, procs, request = attributes(env)
    return ByAge(jnp.asarray(1.0 / (np.log2(procs + TINY) * request), jnp.float32), 1)


def easy(env: BatchJobs) -> Policy:
    """First come first served with EASY backfilling (Lifka 1995): the oldest job that fits now and, by its request,
    ends by the time reserved for the oldest job, or uses only processors that job leaves free."""

    def policy(key: Key[Array, ""], state: Episode, view: View) -> Array:
        del key
        cluster = state.cluster
        shadow, spare = _reservation(env, state)
        harmless = (cluster.clock + cluster.whole[REQUEST] <= shadow) | (cluster.whole[PROCS] <= spare)
        able = view.mask[1:] & (harmless | view.mask[1])
        return best(jnp.arange(env.window), able)

    return policy


def _reservation(env: BatchJobs, state: Episode) -> tuple[Int[Array, ""], Int[Array, ""]]:
    """When the oldest waiting job can start by the requests of the running ones [s], and the processors it leaves."""
    cluster: State = state.cluster
    head = cluster.whole[PROCS, 0]
    shadow = env.cluster(state.row).reserved(cluster, head)
    running = jnp.arange(env.slots) >= env.slots - cluster.live
    ended = running & (cluster.expected_end <= shadow)
    return shadow, cluster.free + jnp.sum(jnp.where(ended, cluster.procs, 0)) - head


def rand_feas_no0(key: Key[Array, ""], state: Episode, view: View) -> Int[Array, ""]:
    """Uniform over the jobs that may be started; the no-op only if there is none."""
    del state
    return best(jax.random.uniform(key, view.mask[1:].shape), view.mask[1:])


def random_legal(key: Key[Array, ""], state: Episode, view: View) -> Int[Array, ""]:
    """Uniform over legal actions, the no-op among them."""
    del state
    return jnp.argmax(jnp.where(view.mask, jax.random.uniform(key, view.mask.shape), -1.0)).astype(jnp.int32)


def bound(env: BatchJobs, noise: Array | np.ndarray) -> np.ndarray:
    """A lower bound of the mean bounded slowdown of any schedule of the episodes that `noise` [...] draws, float64.

    Every schedule gives job j an interval of length run_j at its end C_j, so the mean time at which j is busy is
    M_j = C_j - run_j / 2. Forget that jobs are rigid and the machine is a fluid of P processors: the least sum of
    w_j M_j over all ways to spend at most P at a time, after submission, is reached by always serving the job of
    largest w_j / area_j (the work of density >= d done by time t is then largest for every d and t at once; the sum
    is an integral of it. Goemans 1996). With w_j = 1 / max(run_j, 10 s):

        sum of bounded slowdowns >= sum of w_j (M_j - submit_j + run_j / 2).

    Leaving jobs out cannot raise the least sum, and any job's bounded slowdown is at least 1. So each busy period
    of the fluid counts with the larger of this sum and its number of jobs, and the whole is computed twice, with and
    without the jobs shorter than 10 s (whose slowdown is 1 while they wait little); the larger result holds.
    """
    rows = np.asarray(jax.vmap(env.row)(jnp.ravel(jnp.asarray(noise))))
    return np.array([_bound(env, int(row)) for row in rows]).reshape(np.shape(noise))


def _bound(env: BatchJobs, row: int) -> float:
    start = int(env.starts[row])
    whole = np.asarray(env.trace.whole[:, start : start + env.n_jobs]).astype(np.int64)
    submit = np.asarray(env.cluster(jnp.int32(row)).scaled(jnp.asarray(whole[SUBMIT] - whole[SUBMIT, 0], jnp.int32)))
    run, area = whole[RUN].astype(float), whole[RUN] * whole[PROCS] / float(env.processors)
    long = run >= BSLD_SECONDS
    everything = _fluid(submit.astype(float), run, area)
    without = _fluid(submit[long].astype(float), run[long], area[long]) + np.sum(~long)
    return max(everything, without) / env.n_jobs


def _fluid(submit: np.ndarray, run: np.ndarray, length: np.ndarray) -> float:
    """Sum over busy periods of max(number of jobs, least sum of w_j (M_j - submit_j + run_j / 2)).

    submit: ascending [s]; run [s]; length: seconds on the whole machine.
    """
    weight = 1.0 / np.maximum(run, BSLD_SECONDS)
    constant = weight * (run / 2 - submit)
    left, ready = length.copy(), []
    total = period = clock = 0.0
    members = arrived = 0
    while arrived < len(submit) or ready:
        if not ready:
            total, period, members = total + max(period, members), 0.0, 0
            clock = max(clock, submit[arrived])
        while arrived < len(submit) and submit[arrived] <= clock:
            heapq.heappush(ready, (-weight[arrived] / length[arrived], arrived))
            period, members, arrived = period + constant[arrived], members + 1, arrived + 1
        job = ready[0][1]
        until = clock + left[job]
        if arrived < len(submit):
            until = min(until, submit[arrived])
        period += weight[job] / length[job] * (until**2 - clock**2) / 2
        left[job] -= until - clock
        clock = until
        if left[job] <= 1e-9 * length[job]:
            heapq.heappop(ready)
    return total + max(period, members)
