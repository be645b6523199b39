"""Several seeds of one training: one program on accelerators, one pinned single-threaded process per core on CPU.

Measured: two pinned processes reach 1.95x of one core, one process with two threads is slower than one core. A
worker is `python -m ppo_doctor.train.seeds`; it prints a JSON line an event. Nothing here imports JAX at the top: a
worker must choose its core and its threads first.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ppo_doctor import jsonl
from ppo_doctor.errors import UserError
from ppo_doctor.train.job import Events, Failure, Job, Progress, parse

PATIENCE = 900.0
"""Seconds without a word after which a worker counts as hung: far more than compiling and any single update take."""
GRACE = 60.0
"""Seconds a worker gets to save after an interrupt."""
THREADS = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"


def run(jobs: Sequence[Job], resume: bool = False, patience: float = PATIENCE) -> Events:
    """Train all jobs, which differ in seed and directory only; yield progress as it comes.

    A job that dies yields a `Failure`, the others finish. Leaving the loop early makes every seed save and stop.
    """
    if accelerated():
        from ppo_doctor.train import stacked

        yield from stacked.follow(jobs, resume)
    else:
        yield from workers(jobs, resume, patience)


def accelerated() -> bool:
    """Whether JAX computes on something else than the CPU."""
    if os.environ.get("JAX_PLATFORMS") == "cpu":
        return False
    import jax

    return jax.default_backend() != "cpu"


def cores() -> list[int]:
    """Processor numbers this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def cache_folder() -> Path:
    """Where compiled programs are kept between processes."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ppo-doctor" / "jax"


def keep_compiled() -> None:
    """Let JAX, if it is not imported yet, find programs that an earlier process compiled."""
    os.environ.setdefault("JAX_COMPILATION_CACHE_DIR", str(cache_folder()))
    os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0.2")


class Worker:
    """One job in a process of its own, pinned to one core. Its events arrive in `inbox` as (worker, event or None)."""

    def __init__(self, job: Job, core: int, resume: bool, inbox: queue.Queue[Any]) -> None:
        self.job, self.core = job, core
        self.heard = time.monotonic()
        self.done = False
        self._log = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115  # `close` does
        order = {"meta": job.meta(), "path": str(job.path), "core": core, "resume": resume}
        keep_compiled()
        flags = os.environ.get("XLA_FLAGS", "")
        env = os.environ | {"XLA_FLAGS": f"{flags} {THREADS}".strip(), "OMP_NUM_THREADS": "1", "JAX_PLATFORMS": "cpu"}
        env["JAX_TRACEBACK_FILTERING"] = "off"  # else a traceback ends with a note on itself, not with the error
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ppo_doctor.train.seeds", json.dumps(jsonl.encode(order))],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=env,
            text=True,
            start_new_session=True,  # a terminal's Ctrl-C reaches the parent alone, who passes it on once
        )
        self._listener = threading.Thread(target=self._listen, args=(inbox,), daemon=True)
        self._listener.start()

    def _listen(self, inbox: queue.Queue[Any]) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                inbox.put((self, line))
        self.process.wait()
        inbox.put((self, None))

    def read(self, line: str) -> Progress | Failure | None:
        """The event that a line of the worker says."""
        event = json.loads(line)
        self.heard, self.done = time.monotonic(), "done" in event or "error" in event
        if "error" in event:
            return Failure(self.job.seed, event["error"])
        if "progress" not in event:
            return None
        update, updates, step, signals, score, best = event["progress"]
        numbers = {name: found for name, x in signals.items() if (found := jsonl.number(x)) is not None}
        return Progress(self.job.seed, update, updates, step, numbers, jsonl.number(score), jsonl.number(best))

    def obituary(self) -> Failure:
        """Why the worker died without a last word."""
        self._log.seek(0)
        text = self._log.read()
        code = self.process.returncode
        cause = f"killed by {signal.Signals(-code).name}" if code and code < 0 else f"exit status {code}"
        if code == -signal.SIGKILL:
            cause += ", possibly for want of memory"
        last = next((line for line in reversed(text.splitlines()) if line.strip()), "")
        if text and self.job.path.is_dir():
            with contextlib.suppress(OSError):
                (self.job.path / "worker.log").write_text(text, encoding="utf-8")
                last += f" (all of it: {self.job.path / 'worker.log'})"
        return Failure(self.job.seed, f"its process died: {cause}" + (f": {last}" if last else ""))

    def close(self) -> None:
        """End the process, if it has not ended, and forget its log."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._listener.join()
        self._log.close()


def workers(jobs: Sequence[Job], resume: bool = False, patience: float = PATIENCE) -> Events:
    """`run` on the CPU: a queue of seeds over the cores."""
    waiting, free, inbox = deque(jobs), deque(cores()), queue.Queue[Any]()
    active: list[Worker] = []
    try:
        while waiting or active:
            while waiting and free:
                active.append(Worker(waiting.popleft(), free.popleft(), resume, inbox))
            with contextlib.suppress(queue.Empty):
                worker, line = inbox.get(timeout=1.0)
                if line is not None:
                    event = worker.read(line)
                    if event is not None:
                        yield event
                    continue
                if not worker.done:
                    yield worker.obituary()
                worker.close()
                active.remove(worker)
                free.append(worker.core)
            for worker in active:
                if not worker.done and time.monotonic() - worker.heard > patience:
                    worker.process.kill()
                    worker.done = True
                    yield Failure(worker.job.seed, f"its process said nothing for {patience:.0f} s and was ended")
    finally:
        stop(active)


def stop(active: Sequence[Worker]) -> None:
    """Ask workers to save and exit; end those that do not within `GRACE`."""
    try:
        for worker in active:
            if worker.process.poll() is None:
                worker.process.send_signal(signal.SIGINT)
        deadline = time.monotonic() + GRACE
        for worker in active:
            with contextlib.suppress(subprocess.TimeoutExpired):
                worker.process.wait(max(0.0, deadline - time.monotonic()))
    finally:
        for worker in active:
            worker.close()


class Interrupts:
    """Counts interrupts instead of raising, so that an update is never torn; the second one raises."""

    def __init__(self) -> None:
        self.count = 0
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._note)

    def _note(self, number: int, frame: Any) -> None:
        del number, frame
        self.count += 1
        if self.count > 1:
            raise KeyboardInterrupt


def main(order: str) -> int:
    """A worker: train the one job that the JSON object `order` describes, telling of it on standard output."""
    interrupts = Interrupts()
    told, sys.stdout = sys.stdout, sys.stderr  # what libraries print must not mix with the events
    spec = json.loads(order)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {spec["core"]})

    def tell(**event: Any) -> None:
        told.write(json.dumps(jsonl.encode(event)) + "\n")
        told.flush()

    from ppo_doctor.train import session  # imports JAX: not before the core is chosen

    try:
        stream = session.follow(parse(spec["meta"], Path(spec["path"])), spec["resume"])
        with contextlib.closing(stream), contextlib.suppress(BrokenPipeError):  # the parent is gone: save and stop
            next_word = 0.0
            for progress in stream:
                if time.monotonic() > next_word or progress.score is not None:
                    tell(progress=progress[1:])
                    next_word = time.monotonic() + 0.2
                if interrupts.count:
                    return 128 + signal.SIGINT
            tell(done=True)
    except UserError as error:
        tell(error=str(error))
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
