"""Whole schedules: when every job starts under a policy, for many episodes side by side, exact in integers."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Int

from ppo_doctor.errors import UserError
from ppo_doctor.train.cluster import BSLD_SECONDS, PROCS, RUN, SUBMIT
from ppo_doctor.train.envs.batch_jobs import BatchJobs

BATCH = 512


class Schedule(NamedTuple):
    """submit, begun [s since the episode's first submission], run [s], procs: int64 [episodes, n_jobs].

    decided: time of the last decision [s], int64 [episodes].
    """

    submit: np.ndarray
    begun: np.ndarray
    run: np.ndarray
    procs: np.ndarray
    decided: np.ndarray

    def slowdown(self) -> np.ndarray:
        """Bounded slowdown of every job, float64 [episodes, n_jobs]."""
        return np.maximum(1.0, (self.begun - self.submit + self.run) / np.maximum(self.run, BSLD_SECONDS))

    def wait(self) -> np.ndarray:
        """Waiting time of every job [s]."""
        return self.begun - self.submit

    def makespan(self) -> np.ndarray:
        """End of the last job [s], [episodes]."""
        return np.max(self.begun + self.run, axis=1)

    def work(self) -> np.ndarray:
        """Processor-seconds of all jobs, [episodes]."""
        return np.sum(self.run * self.procs, axis=1)


def heuristic(env: BatchJobs, name: str) -> Callable[..., Array]:
    """The baseline `name` of `env`. Raises `UserError` for an unknown one."""
    from ppo_doctor.train.baselines import batch_jobs as baselines  # they import this package's environment

    known = baselines.policies(env)
    if name not in known:
        raise UserError(f"no heuristic {name!r} to compare with; there are {', '.join(known)}")
    return known[name]


def play(env: BatchJobs, policy: Callable[..., Array], rows: Any = None, seed: int = 0) -> Schedule:
    """The schedules of `policy` for the given rows of the pool of starts (default: all of them).

    A policy that is a pytree (an `eqx.Module`) is a run-time argument: others of its kind need no new compilation.
    """
    env = dataclasses.replace(env, record=True)
    rows = np.arange(len(env.starts)) if rows is None else np.asarray(rows)
    size = min(BATCH, len(rows))
    begun, decided = [], []
    for first in range(0, len(rows), size):
        batch = rows[first : first + size]
        padded = jnp.asarray(np.resize(batch, size), jnp.int32)
        times, clock = _play(env, policy, padded, jax.random.key(seed))
        begun.append(np.asarray(times)[: len(batch)])
        decided.append(np.asarray(clock)[: len(batch)])
    return _schedule(env, rows, np.concatenate(begun), np.concatenate(decided))


def _schedule(env: BatchJobs, rows: np.ndarray, begun: np.ndarray, decided: np.ndarray) -> Schedule:
    jobs = np.asarray(env.starts)[rows][:, None] + np.arange(env.n_jobs)
    whole = np.asarray(env.trace.whole).astype(np.int64)[:, jobs]
    submit = (whole[SUBMIT] - whole[SUBMIT, :, :1]).astype(np.int32)
    submit = np.asarray(env.cluster(jnp.int32(0)).scaled(jnp.asarray(submit))).astype(np.int64)
    return Schedule(submit, begun.astype(np.int64), whole[RUN], whole[PROCS], decided.astype(np.int64))


@eqx.filter_jit
def _play(
    env: BatchJobs, policy: Callable[..., Array], rows: Int[Array, " n"], key: Array
) -> tuple[Int[Array, "n jobs"], Int[Array, " n"]]:
    """Start times of all jobs and the clock at the last decision, [n]."""

    def unfinished(carry: Any) -> Array:
        return jnp.any(carry[1].cluster.started < env.n_jobs)

    def advance(carry: Any) -> Any:
        t, state, view = carry
        keys = jax.vmap(lambda row: jax.random.fold_in(jax.random.fold_in(key, t), row))(rows)
        action = jax.vmap(policy)(keys, state, view)
        after, step = jax.vmap(env.step)(jnp.zeros(rows.shape), state, action)
        going = state.cluster.started < env.n_jobs

        def keep(new: Array, old: Array) -> Array:
            return jnp.where(going.reshape(-1, *[1] * (new.ndim - 1)), new, old)

        return t + 1, *jax.tree.map(keep, (after, step.view), (state, view))

    _, state, _ = jax.lax.while_loop(unfinished, advance, (jnp.zeros((), jnp.int32), *jax.vmap(env.begin)(rows)))
    return state.cluster.begun, state.cluster.clock
