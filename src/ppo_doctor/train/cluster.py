"""A space-shared cluster fed by a job trace, as pure functions over one compact state: no sorts, no scatters.

Two structures carry the speed:

- the *window*: the oldest waiting jobs in arrival order, one packed array a kind. Removing slot `k` is an elementwise
  select against the array rolled by one; new arrivals are a contiguous slice of the trace.
- the *profile*: running jobs sorted by end time, finished ones in front, each with the number of processors that are
  free once it has ended and nothing else started. Starting a job shifts the entries before it by one and lowers that
  number; "when do `n` processors become free" is then one comparison over the profile.

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
SUBMIT, PROCS, REQUEST, RUN, INDEX = range(5)
LOG_REQUEST, LOG_PROCS, PER_REQUEST = range(3)
END, FREE_AFTER, EXPECTED_END, SIZE = range(4)


class Trace(eqx.Module):
    """A trace on the device, padded behind the last job so that a window may be cut anywhere.

    whole: submission [s since the log began], processors, request [s], run time [s] (a scheduler must not see it), and
    the job's place in the trace. real: log request, log processors, 1 / max(request, 10 s). together: the place behind
    the last job of the same second.
    """

    whole: Int[Array, "5 jobs"]
    real: Float[Array, "3 jobs"]
    together: Int[Array, " jobs"]


class State(NamedTuple):
    """Where the machine and its queue stand.

    clock: now [s]. start: trace index of the episode's first job. arrived: jobs that have arrived. entered: jobs that
    have ever been in the window. waiting: jobs in the window now. started: jobs started. free: idle processors.
    live: running jobs. last_end: latest end of any started job [s].
    whole, real: the window's jobs, as in `Trace`; what lies behind `waiting` is garbage.
    profile: end [s], processors free after it, expected end by the request [s], and size of the running jobs, sorted by
    end; only its last `live` entries are running.
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
    whole: Int[Array, "5 window"]
    real: Float[Array, "3 window"]
    profile: Int[Array, "4 slots"]
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
    place = np.arange(len(jobs))
    whole = np.stack([jobs.submit, jobs.procs, jobs.request, jobs.run, place])
    real = np.stack([np.log(jobs.request), np.log(jobs.procs), 1.0 / np.maximum(jobs.request, BSLD_SECONDS)])
    together = np.searchsorted(jobs.submit, jobs.submit, side="right")
    return Trace(
        jnp.asarray(np.pad(whole, pad), jnp.int32),
        jnp.asarray(np.pad(real, pad), jnp.float32),
        jnp.asarray(np.pad(together, pad[1:]), jnp.int32),
    )


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

    def begin(self, start: Int[Array, ""], together: bool) -> State:
        """An empty machine at the submission of trace job `start`, which waits alone, or with all of its second."""
        zero = jnp.zeros((), jnp.int32)
        profile = jnp.full((4, self.slots), -1, jnp.int32)
        state = State(
            clock=zero, start=start, arrived=zero, entered=zero, waiting=zero, started=zero, free=self.processors,
            live=zero, last_end=zero, whole=jnp.zeros((5, self.window), jnp.int32),
            real=jnp.zeros((3, self.window), jnp.float32), profile=profile.at[FREE_AFTER].set(self.processors),
            begun=jnp.full(self.n_jobs if self.record else 0, -1, jnp.int32),
        )  # fmt: skip
        return self.fill(state._replace(arrived=self.arrived_with(state) if together else zero + 1))

    # --- arrivals ---

    def scaled(self, seconds: Int[Array, " *n"]) -> Int[Array, " *n"]:
        """Seconds since the first submission under the configured load; untouched at load 1."""
        return jnp.where(self.load == 1.0, seconds, (seconds / self.load).astype(jnp.int32))

    def submitted(self, state: State, seconds: Int[Array, " *n"]) -> Int[Array, " *n"]:
        """Clock times of submissions given as seconds since the log began."""
        return self.scaled(seconds - self.trace.whole[SUBMIT, state.start])

    def arrival(self, state: State, job: Int[Array, ""]) -> Int[Array, ""]:
        """Clock time at which job `job` of the episode is submitted; `NEVER` behind the last one."""
        submit = self.submitted(state, self.trace.whole[SUBMIT, state.start + job])
        return jnp.where(job < self.n_jobs, submit, NEVER)

    def arrived_with(self, state: State) -> Int[Array, ""]:
        """Number of jobs that have arrived once the next one has, with all of its second."""
        return jnp.minimum(self.trace.together[state.start + state.arrived] - state.start, self.n_jobs)

    def arrived_by(self, state: State, time: Int[Array, ""]) -> Int[Array, ""]:
        """Number of jobs submitted at or before `time`, at least `state.arrived`, by bisection."""
        count, step = state.arrived, 1 << (self.n_jobs.bit_length() - 1)
        while step:
            more = jnp.minimum(count + step, self.n_jobs)
            count = jnp.where(self.arrival(state, more - 1) <= time, more, count)
            step //= 2
        return count

    def empty(self, state: State) -> Bool[Array, ""]:
        """True if nobody waits, in the window or behind it."""
        return (state.waiting == 0) & (state.entered == state.arrived)

    def fill(self, state: State) -> State:
        """Let arrived jobs into the window while it has room: a contiguous piece of the trace."""
        n = jnp.minimum(state.waiting + state.arrived - state.entered, self.window)
        slot = jnp.arange(self.window, dtype=jnp.int32)
        new = (slot >= state.waiting) & (slot < n)
        first = state.start + state.entered - state.waiting
        whole = jax.lax.dynamic_slice(self.trace.whole, (0, first), (5, self.window))
        real = jax.lax.dynamic_slice(self.trace.real, (0, first), (3, self.window))
        return state._replace(
            entered=state.entered + n - state.waiting,
            waiting=n,
            whole=jnp.where(new, whole, state.whole),
            real=jnp.where(new, real, state.real),
        )

    # --- releases ---

    def first(self, state: State) -> Int[Array, ""]:
        """The entry of the profile that ends next (the last one if nothing runs)."""
        return jnp.minimum(self.slots - state.live, self.slots - 1)

    def running(self, state: State) -> Bool[Array, " slots"]:
        """Which entries of the profile are running."""
        return jnp.arange(self.slots) >= self.slots - state.live

    def next_release(self, state: State) -> Int[Array, ""]:
        """Time of the next release [s], `NEVER` if nothing runs."""
        return jnp.where(state.live > 0, state.profile[END, self.first(state)], NEVER)

    def release(self, state: State, before: Int[Array, ""]) -> State:
        """Free the processors of running jobs that end before the given time."""
        live = jnp.minimum(state.live, jnp.sum(state.profile[END] >= before, dtype=jnp.int32))
        free = state.profile[FREE_AFTER, jnp.maximum(self.slots - live - 1, 0)]
        return state._replace(live=live, free=jnp.where(live < state.live, free, state.free))

    # --- starts ---

    def fits(self, state: State) -> Bool[Array, " window"]:
        """Which slots hold a job that could start now."""
        real = jnp.arange(self.window) < state.waiting
        return real & (state.whole[PROCS] <= state.free) & (state.live < self.slots)

    def launch(self, state: State, slot: Int[Array, ""], real: Bool[Array, ""]) -> tuple[State, Started]:
        """Start the job in `slot` now (it must fit); nothing happens unless `real`. The window is not filled up."""
        submit, procs, request, run, index = state.whole[:, slot]
        wait, end, job = state.clock - self.submitted(state, submit), state.clock + run, index - state.start
        state = self._occupy(state, jnp.stack([end, 0, state.clock + request, procs]), real)
        state = self._remove(state, jnp.where(real, slot, self.window))
        if self.record:
            begun = jnp.where((jnp.arange(self.n_jobs) == job) & real, state.clock, state.begun)
            state = state._replace(begun=begun)
        last_end = jnp.maximum(state.last_end, jnp.where(real, end, 0))
        state = state._replace(started=state.started + real, last_end=last_end)
        late = wait + run > self.deadline * jnp.maximum(request, BSLD_SECONDS)
        reference = self.reference[self.row, job] if self.reference.size else jnp.zeros(())
        tally = Started(bounded_slowdown(wait, run), reference, wait * 1.0, late * 1.0, run * (procs * 1.0))
        return state, jax.tree.map(lambda x: jnp.where(real, x, 0.0), tally)

    def _occupy(self, state: State, entry: Int[Array, " 4"], real: Bool[Array, ""]) -> State:
        """Insert a job into the profile behind the entries that end no later, dropping a finished entry in front."""
        place = jnp.where(real, jnp.sum(state.profile[END] <= entry[END], dtype=jnp.int32) - 1, -1)
        slot, row = jnp.arange(self.slots), jnp.arange(4)[:, None]
        # The new entry's own `free_after` is what stood at its place: the job before it is as if it had never been.
        written = jnp.where((slot == place) & (row != FREE_AFTER), entry[:, None], state.profile)
        shifted = jnp.roll(state.profile, -1, axis=1) - jnp.where(row == FREE_AFTER, entry[SIZE], 0)
        return state._replace(
            profile=jnp.where(slot < place, shifted, written),
            live=state.live + real,
            free=state.free - jnp.where(real, entry[SIZE], 0),
        )

    def _remove(self, state: State, slot: Int[Array, ""]) -> State:
        """Close the gap at `slot`; nothing happens at `slot == window`."""
        keep = jnp.arange(self.window) < slot
        return state._replace(
            waiting=state.waiting - (slot < self.window),
            whole=jnp.where(keep, state.whole, jnp.roll(state.whole, -1, axis=1)),
            real=jnp.where(keep, state.real, jnp.roll(state.real, -1, axis=1)),
        )

    # --- a picked job that does not fit holds the head of the queue (RLScheduler) ---

    def hold(self, state: State, slot: Int[Array, ""]) -> State:
        """Let time pass until the job in `slot` fits: release by release, arrivals of the same second before it."""
        need = state.whole[PROCS, slot]
        blocked = need > state.free
        entry = jnp.minimum(jnp.sum(state.profile[FREE_AFTER] < need, dtype=jnp.int32), self.slots - 1)
        end, free, _, _ = state.profile[:, entry]
        clock = jnp.where(blocked, jnp.maximum(state.clock, end), state.clock)
        return state._replace(
            clock=clock,
            live=jnp.where(blocked, self.slots - 1 - entry, state.live),
            free=jnp.where(blocked, free, state.free),
            arrived=jnp.where(blocked, self.arrived_by(state, clock), state.arrived),
        )

    def reserved(self, state: State, need: Int[Array, ""]) -> Int[Array, ""]:
        """Earliest time at which `need` processors are free if every running job ends when requested, by bisection."""
        running, expected_end = self.running(state), state.profile[EXPECTED_END]

        def halve(_: Array, bounds: tuple[Array, Array]) -> tuple[Array, Array]:
            low, high = bounds
            middle = low + (high - low) // 2
            free = state.free + jnp.sum(jnp.where(running & (expected_end <= middle), state.profile[SIZE], 0))
            return jnp.where(free >= need, low, middle + 1), jnp.where(free >= need, middle, high)

        high = jnp.maximum(state.clock, jnp.max(jnp.where(running, expected_end, 0)))
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
            state = self.fill(jax.tree.map(lambda a, b: jnp.where(any_able, a, b), filled, passed))
            slot = slot - (any_able & (one < slot))
            return state, slot, jax.tree.map(jnp.add, sums, tally)

        nothing = Started(*[jnp.zeros(())] * len(Started._fields))
        return jax.lax.while_loop(blocked, proceed, (state, slot, nothing))

    def one_event(self, state: State) -> State:
        """The next arrival, or the next release if that comes strictly before it."""
        arrival, release = self.arrival(state, state.arrived), self.next_release(state)
        arrives = (arrival <= release) & (arrival < NEVER)
        releases = ~arrives & (state.live > 0)
        freed = state.profile[FREE_AFTER, self.first(state)]
        time = jnp.where(arrives, arrival, jnp.where(releases, release, 0))
        return state._replace(
            clock=jnp.maximum(state.clock, time),
            arrived=state.arrived + arrives,
            live=state.live - releases,
            free=jnp.where(releases, freed, state.free),
        )

    # --- time passes between decisions ---

    def next_event(self, state: State, noop: Bool[Array, ""]) -> State:
        """After a no-op: everything up to the next arrival or release. With an empty queue: up to the next arrival."""
        arrival = self.arrival(state, state.arrived)
        event = jnp.minimum(arrival, self.next_release(state))
        time = jnp.where(noop, event, jnp.where(self.empty(state), arrival, state.clock))
        time = jnp.where(time < NEVER, time, state.clock)
        arrived = jnp.where(time == arrival, self.arrived_with(state), state.arrived)
        return self.fill(self.release(state, time + 1)._replace(clock=time, arrived=arrived))

    def next_arrival(self, state: State) -> State:
        """With an empty queue: exactly one arrival joins; releases strictly before it are done (RLScheduler)."""
        jump = self.empty(state) & (state.arrived < self.n_jobs)
        time = jnp.where(jump, jnp.maximum(state.clock, self.arrival(state, state.arrived)), state.clock)
        state = self.release(state, jnp.where(jump, time, 0))
        return self.fill(state._replace(clock=time, arrived=state.arrived + jump))
