"""A space-shared cluster fed by a job trace, as pure functions over one compact state: no sorts, no scatters.

Two structures carry the speed:

- the *window*: the oldest waiting jobs in arrival order, one packed array a kind. Removing slot `k` is an elementwise
  select against the array rolled by one; new arrivals are a contiguous slice of the trace.
- the *profile*: running jobs sorted by end time, finished ones in front. `free_after[i]` is the number of free
  processors once entry `i` has ended and nothing else started. Starting a job shifts the entries before it by one
  and lowers their `free_after`; "when do `n` processors become free" is then one comparison over the profile.

Times are int32 seconds since the submission of the episode's first job.
"""

from __future__ import annotations

from typing import NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int

from ppo_doctor.train.swf import Jobs

NEVER = 2**30
BSLD_SECONDS = 10
SUBMIT, PROCS, REQUEST, RUN = 0, 1, 2, 3
LOG_REQUEST, LOG_PROCS, PER_REQUEST = 0, 1, 2


class Trace(eqx.Module):
    """A trace on the device, padded behind the last job so that a window may be cut anywhere.

    whole: submission [s since the log began], processors, request [s], run time [s]; a scheduler must not see the last.
    real: log request, log processors, 1 / max(request, 10 s).
    """

    whole: Int[Array, "4 jobs"]
    real: Float[Array, "3 jobs"]


class State(NamedTuple):
    """Where the machine and its queue stand.

    clock: now [s]. start: trace index of the episode's first job. arrived: jobs that have arrived. entered: jobs that
    have ever been in the window. waiting: jobs in the window now. started: jobs started. free: idle processors.
    live: running jobs. last_end: latest end of any started job [s].
    job: the window's jobs, counted from `start`. whole, real: their attributes, as in `Trace` (submission in clock
    time); what lies behind `waiting` is garbage.
    end, free_after, expected_end, procs: the profile, sorted by end; only its last `live` entries are running.
    begun: start time of every job, -1 before; empty unless recorded.
    """

    clock: Int[Array, ""]
    start: Int[Array, ""]
    arrived: Int[Array, ""]
    entered: Int[Array, ""]
    waiting: Int[Array, ""]
    started: Int[Array, ""]
    free: Int[Array, ""]
    live: Int[Array, ""]
    last_end: Int[Array, ""]
    job: Int[Array, " window"]
    whole: Int[Array, "4 window"]
    real: Float[Array, "3 window"]
    end: Int[Array, " slots"]
    free_after: Int[Array, " slots"]
    expected_end: Int[Array, " slots"]
    procs: Int[Array, " slots"]
    begun: Int[Array, " recorded"]


class Started(NamedTuple):
    """Sums over the jobs started in one step.

    slowdown: bounded slowdowns. reference: those of the same jobs under the reference policy. wait: waits [s].
    misses: jobs that end after their deadline. work: processor-seconds.
    """

    slowdown: Float[Array, ""]
    reference: Float[Array, ""]
    wait: Float[Array, ""]
    misses: Float[Array, ""]
    work: Float[Array, ""]


def to_device(jobs: Jobs, padding: int) -> Trace:
    """Put a trace on the device, with `padding` empty jobs behind it."""
    pad = ((0, 0), (0, padding))
    whole = np.stack([jobs.submit, jobs.procs, jobs.request, jobs.run])
    real = np.stack([np.log(jobs.request), np.log(jobs.procs), 1.0 / np.maximum(jobs.request, BSLD_SECONDS)])
    return Trace(jnp.asarray(np.pad(whole, pad), jnp.int32), jnp.asarray(np.pad(real, pad), jnp.float32))


def bounded_slowdown(wait: Int[Array, " *n"], run: Int[Array, " *n"]) -> Float[Array, " *n"]:
    """max(1, (wait + run) / max(run, 10 s)) (Feitelson et al. 1997)."""
    return jnp.maximum((wait + run) / jnp.maximum(run, BSLD_SECONDS), 1.0)


class Cluster(eqx.Module):
    """The machine and its trace. All methods are for one episode.

    processors: of the machine. load: divides the times between arrivals (1: the trace as it is). deadline: a job
    should end within this many times max(request, 10 s) of its submission. reference: bounded slowdown of every
    episode's jobs under a reference policy, or empty; `row` is this episode's.
    window: waiting jobs visible and startable. slots: jobs that may run at once. record: keep start times.
    """

    trace: Trace
    processors: Int[Array, ""]
    load: Float[Array, ""]
    deadline: Float[Array, ""]
    reference: Float[Array, "pool known"]
    row: Int[Array, ""]
    n_jobs: int = eqx.field(static=True)
    window: int = eqx.field(static=True)
    slots: int = eqx.field(static=True)
    record: bool = eqx.field(static=True)

    def begin(self, start: Int[Array, ""]) -> State:
        """An empty machine at the submission of trace job `start`, which waits alone."""
        zero = jnp.zeros((), jnp.int32)
        none = jnp.full(self.slots, -1, jnp.int32)
        state = State(
            clock=zero, start=start, arrived=zero + 1, entered=zero, waiting=zero, started=zero, free=self.processors,
            live=zero, last_end=zero, job=jnp.zeros(self.window, jnp.int32),
            whole=jnp.zeros((4, self.window), jnp.int32), real=jnp.zeros((3, self.window), jnp.float32),
            end=none, free_after=jnp.full(self.slots, self.processors), expected_end=none, procs=none * 0,
            begun=jnp.full(self.n_jobs if self.record else 0, -1, jnp.int32),
        )  # fmt: skip
        return self.fill(state)

    # --- arrivals ---

    def scaled(self, seconds: Int[Array, " *n"]) -> Int[Array, " *n"]:
        """Seconds since the first submission under the configured load; untouched at load 1."""
        return jnp.where(self.load == 1.0, seconds, (seconds / self.load).astype(jnp.int32))

    def arrival(self, state: State, job: Int[Array, ""]) -> Int[Array, ""]:
        """Clock time at which job `job` of the episode is submitted; `NEVER` behind the last one."""
        submit = self.trace.whole[SUBMIT, state.start + job] - self.trace.whole[SUBMIT, state.start]
        return jnp.where(job < self.n_jobs, self.scaled(submit), NEVER)

    def arrived_by(self, state: State, time: Int[Array, ""]) -> Int[Array, ""]:
        """Number of jobs submitted at or before `time`, at least `state.arrived`, by bisection."""
        count, step = state.arrived, 1 << (self.n_jobs.bit_length() - 1)
        while step:
            more = jnp.minimum(count + step, self.n_jobs)
            count = jnp.where(self.arrival(state, more - 1) <= time, more, count)
            step //= 2
        return count

    def fill(self, state: State) -> State:
        """Let arrived jobs into the window while it has room: a contiguous piece of the trace."""
        n = jnp.minimum(state.waiting + state.arrived - state.entered, self.window)
        slot = jnp.arange(self.window, dtype=jnp.int32)
        new = (slot >= state.waiting) & (slot < n)
        first = state.entered - state.waiting
        whole = jax.lax.dynamic_slice(self.trace.whole, (0, state.start + first), (4, self.window))
        real = jax.lax.dynamic_slice(self.trace.real, (0, state.start + first), (3, self.window))
        submit = self.scaled(whole[SUBMIT] - self.trace.whole[SUBMIT, state.start])
        whole = jnp.concatenate([submit[None], whole[1:]])
        return state._replace(
            entered=state.entered + n - state.waiting,
            waiting=n,
            job=jnp.where(new, first + slot, state.job),
            whole=jnp.where(new, whole, state.whole),
            real=jnp.where(new, real, state.real),
        )

    # --- releases ---

    def next_release(self, state: State) -> Int[Array, ""]:
        """Time of the next release [s], `NEVER` if nothing runs."""
        return jnp.where(state.live > 0, state.end[jnp.minimum(self.slots - state.live, self.slots - 1)], NEVER)

    def release(self, state: State, before: Int[Array, ""]) -> State:
        """Free the processors of running jobs that end before the given time."""
        live = jnp.minimum(state.live, jnp.sum(state.end >= before, dtype=jnp.int32))
        free = state.free_after[jnp.maximum(self.slots - live - 1, 0)]
        return state._replace(live=live, free=jnp.where(live < state.live, free, state.free))

    # --- starts ---

    def fits(self, state: State) -> Bool[Array, " window"]:
        """Which slots hold a job that could start now."""
        real = jnp.arange(self.window) < state.waiting
        return real & (state.whole[PROCS] <= state.free) & (state.live < self.slots)

    def launch(self, state: State, slot: Int[Array, ""], real: Bool[Array, ""]) -> tuple[State, Started]:
        """Start the job in `slot` now (it must fit) and let the next into the window; nothing happens unless `real`."""
        submit, procs, request, run = (state.whole[row, slot] for row in (SUBMIT, PROCS, REQUEST, RUN))
        job, wait, end = state.job[slot], state.clock - submit, state.clock + run
        state = self._occupy(state, end, procs, state.clock + request, real)
        state = self._remove(state, jnp.where(real, slot, self.window))
        if self.record:
            begun = jnp.where((jnp.arange(self.n_jobs) == job) & real, state.clock, state.begun)
            state = state._replace(begun=begun)
        last_end = jnp.maximum(state.last_end, jnp.where(real, end, 0))
        state = state._replace(started=state.started + real, last_end=last_end)
        late = wait + run > self.deadline * jnp.maximum(request, BSLD_SECONDS)
        reference = self.reference[self.row, job] if self.reference.size else jnp.zeros(())
        tally = Started(bounded_slowdown(wait, run), reference, wait * 1.0, late * 1.0, run * (procs * 1.0))
        return self.fill(state), jax.tree.map(lambda x: jnp.where(real, x, 0.0), tally)

    def _occupy(
        self, state: State, end: Int[Array, ""], procs: Int[Array, ""], expected: Int[Array, ""], real: Bool[Array, ""]
    ) -> State:
        """Insert a job into the profile behind the entries that end no later, dropping a finished entry in front."""
        place = jnp.where(real, jnp.sum(state.end <= end, dtype=jnp.int32) - 1, -1)
        i = jnp.arange(self.slots)

        def insert(entries: Int[Array, " slots"], entry: Int[Array, ""]) -> Int[Array, " slots"]:
            return jnp.where(i < place, jnp.roll(entries, -1), jnp.where(i == place, entry, entries))

        return state._replace(
            end=insert(state.end, end),
            free_after=jnp.where(i < place, jnp.roll(state.free_after, -1) - procs, state.free_after),
            expected_end=insert(state.expected_end, expected),
            procs=insert(state.procs, procs),
            live=state.live + real,
            free=state.free - jnp.where(real, procs, 0),
        )

    def _remove(self, state: State, slot: Int[Array, ""]) -> State:
        """Close the gap at `slot`; nothing happens at `slot == window`."""
        keep = jnp.arange(self.window) < slot
        return state._replace(
            waiting=state.waiting - (slot < self.window),
            job=jnp.where(keep, state.job, jnp.roll(state.job, -1)),
            whole=jnp.where(keep, state.whole, jnp.roll(state.whole, -1, axis=1)),
            real=jnp.where(keep, state.real, jnp.roll(state.real, -1, axis=1)),
        )

    # --- a picked job that does not fit holds the head of the queue (RLScheduler) ---

    def hold(self, state: State, slot: Int[Array, ""]) -> State:
        """Let time pass until the job in `slot` fits: release by release, arrivals of the same second before it."""
        need = state.whole[PROCS, slot]
        blocked = need > state.free
        entry = jnp.sum(state.free_after < need, dtype=jnp.int32)
        entry = jnp.minimum(entry, self.slots - 1)
        clock = jnp.where(blocked, jnp.maximum(state.clock, state.end[entry]), state.clock)
        return state._replace(
            clock=clock,
            live=jnp.where(blocked, self.slots - 1 - entry, state.live),
            free=jnp.where(blocked, state.free_after[entry], state.free),
            arrived=jnp.where(blocked, self.arrived_by(state, clock), state.arrived),
        )

    def reserved(self, state: State, need: Int[Array, ""]) -> Int[Array, ""]:
        """Earliest time at which `need` processors are free if every running job ends when requested, by bisection."""
        running = jnp.arange(self.slots) >= self.slots - state.live

        def halve(_: Array, bounds: tuple[Array, Array]) -> tuple[Array, Array]:
            low, high = bounds
            middle = low + (high - low) // 2
            free = state.free + jnp.sum(jnp.where(running & (state.expected_end <= middle), state.procs, 0))
            return jnp.where(free >= need, low, middle + 1), jnp.where(free >= need, middle, high)

        high = jnp.maximum(state.clock, jnp.max(jnp.where(running, state.expected_end, 0)))
        return jax.lax.fori_loop(0, 30, halve, (state.clock, high))[1]

    def hold_backfilling(self, state: State, slot: Int[Array, ""]) -> tuple[State, Int[Array, ""], Started]:
        """As `hold`, while other waiting jobs are started in order of arrival: EASY backfilling (Lifka 1995).

        A job is backfilled if it fits and, by its request, ends strictly before the time reserved for the head, which
        is computed once. Returns the state, the head's slot, and what was backfilled.
        """
        need = state.whole[PROCS, slot]
        until = self.reserved(state, need)

        def blocked(carry: tuple[State, Array, Started]) -> Bool[Array, ""]:
            return need > carry[0].free

        def proceed(carry: tuple[State, Array, Started]) -> tuple[State, Array, Started]:
            state, slot, sums = carry
            able = self.fits(state) & (state.clock + state.whole[REQUEST] < until)
            able &= jnp.arange(self.window) != slot
            one, any_able = jnp.argmax(able).astype(jnp.int32), jnp.any(able)
            filled, tally = self.launch(state, one, any_able)
            passed = self.one_event(state)
            state = jax.tree.map(lambda a, b: jnp.where(any_able, a, b), filled, passed)
            slot = slot - (any_able & (one < slot))
            return state, slot, jax.tree.map(jnp.add, sums, tally)

        nothing = Started(*[jnp.zeros(())] * len(Started._fields))
        return jax.lax.while_loop(blocked, proceed, (state, slot, nothing))

    def one_event(self, state: State) -> State:
        """The next arrival, or the next release if that comes strictly before it."""
        arrival, release = self.arrival(state, state.arrived), self.next_release(state)
        arrives = (arrival <= release) & (arrival < NEVER)
        releases = ~arrives & (state.live > 0)
        freed = state.free_after[jnp.minimum(self.slots - state.live, self.slots - 1)]
        time = jnp.where(arrives, arrival, jnp.where(releases, release, 0))
        state = state._replace(
            clock=jnp.maximum(state.clock, time),
            arrived=state.arrived + arrives,
            live=state.live - releases,
            free=jnp.where(releases, freed, state.free),
        )
        return self.fill(state)

    # --- time passes between decisions ---

    def next_event(self, state: State, noop: Bool[Array, ""]) -> State:
        """After a no-op: everything up to the next arrival or release. With an empty queue: up to the next arrival."""
        arrival = self.arrival(state, state.arrived)
        event = jnp.minimum(arrival, self.next_release(state))
        time = jnp.where(noop, event, jnp.where(state.waiting == 0, arrival, state.clock))
        time = jnp.where(time < NEVER, time, state.clock)
        state = self.release(state, time + 1)._replace(clock=time)
        return self.fill(state._replace(arrived=self.arrived_by(state, time)))

    def next_arrival(self, state: State) -> State:
        """With an empty queue: exactly one arrival joins; releases strictly before it are done (RLScheduler)."""
        jump = (state.waiting == 0) & (state.arrived < self.n_jobs)
        time = jnp.where(jump, jnp.maximum(state.clock, self.arrival(state, state.arrived)), state.clock)
        state = self.release(state, jnp.where(jump, time, 0))._replace(clock=time)
        return self.fill(state._replace(arrived=state.arrived + jump))
