"""An independent event simulator of a space-shared cluster: plain lists and dictionaries, one event at a time.

Jobs are dictionaries with `submit`, `run`, `request`, `procs` (seconds; integers). A decision function gets the
options of one decision and returns one of them; every decision is recorded.
"""

from dataclasses import dataclass, field


@dataclass
class Simulation:
    """jobs: in order of submission. window: how many of the oldest waiting jobs may be chosen from."""

    jobs: list
    processors: int
    window: int
    slots: int
    now: int = 0
    queue: list = field(default_factory=list)
    running: list = field(default_factory=list)
    begun: dict = field(default_factory=dict)
    decisions: list = field(default_factory=list)
    upcoming: int = 0

    @property
    def free(self):
        return self.processors - sum(self.jobs[j]["procs"] for j in self.running)

    def end(self, j):
        return self.begun[j] + self.jobs[j]["run"]

    def expected_end(self, j):
        return self.begun[j] + self.jobs[j]["request"]

    def start(self, j):
        assert self.jobs[j]["procs"] <= self.free
        assert self.now >= self.jobs[j]["submit"]
        self.queue.remove(j)
        self.begun[j] = self.now
        self.running.append(j)
        self.running.sort(key=self.end)

    def arrive(self):
        self.now = max(self.now, self.jobs[self.upcoming]["submit"])
        self.queue.append(self.upcoming)
        self.upcoming += 1

    def release(self):
        self.now = max(self.now, self.end(self.running[0]))
        self.running.pop(0)

    def next_times(self):
        arrival = self.jobs[self.upcoming]["submit"] if self.upcoming < len(self.jobs) else None
        release = self.end(self.running[0]) if self.running else None
        return arrival, release

    def event(self):
        """One event; an arrival comes before a release of the same second."""
        arrival, release = self.next_times()
        if arrival is not None and (release is None or arrival <= release):
            self.arrive()
        else:
            self.release()

    def catch_up(self, time):
        """Everything up to and including `time`."""
        self.now = max(self.now, time)
        while self.running and self.end(self.running[0]) <= time:
            self.running.pop(0)
        while self.upcoming < len(self.jobs) and self.jobs[self.upcoming]["submit"] <= time:
            self.arrive()

    def visible(self):
        return self.queue[: self.window]

    def record(self, options, action):
        self.decisions.append({"now": self.now, "options": set(options), "action": action, "free": self.free})


def play(jobs, processors, window, slots, choose):
    """Decide when to start a job that fits, or to let time pass. Options: 0 and 1 + slot."""
    s = Simulation(jobs, processors, window, slots)
    s.catch_up(jobs[0]["submit"])
    while len(s.begun) < len(jobs):
        if not s.queue:
            s.catch_up(jobs[s.upcoming]["submit"])
        able = [1 + i for i, j in enumerate(s.visible()) if jobs[j]["procs"] <= s.free and len(s.running) < slots]
        times = [t for t in s.next_times() if t is not None]
        options = able + ([0] if times else [])
        action = choose(s, options)
        s.record(options, action)
        if action:
            s.start(s.queue[action - 1])
        else:
            s.catch_up(min(times))
    return s


def play_holding(jobs, processors, window, slots, choose, backfill):
    """Decide which waiting job comes next: it holds the head of the queue until it fits."""
    s = Simulation(jobs, processors, window, slots)
    s.arrive()
    while len(s.begun) < len(jobs):
        options = [1 + i for i in range(len(s.visible()))]
        action = choose(s, options)
        s.record(options, action)
        head = s.queue[action - 1]
        if jobs[head]["procs"] > s.free:
            hold(s, head, backfill)
        s.start(head)
        if not s.queue and s.upcoming < len(jobs):
            while not s.queue:
                s.event()
    return s


def hold(s, head, backfill):
    free, reserved = s.free, None
    for j in sorted(s.running, key=s.expected_end):
        free += s.jobs[j]["procs"]
        if free >= s.jobs[head]["procs"]:
            reserved = s.expected_end(j)
            break
    while s.jobs[head]["procs"] > s.free:
        while backfill and (overtaking := [j for j in s.visible() if j != head and harmless(s, j, reserved)]):
            s.start(overtaking[0])
        s.event()


def harmless(s, j, reserved):
    return s.jobs[j]["procs"] <= s.free and s.now + s.jobs[j]["request"] < reserved


def mean_bounded_slowdown(s):
    total = 0.0
    for j, job in enumerate(s.jobs):
        total += max(1.0, (s.begun[j] - job["submit"] + job["run"]) / max(job["run"], 10))
    return total / len(s.jobs)
