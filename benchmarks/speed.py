"""Side-by-side speed of this trainer, Stable-Baselines3 and a pure-JAX single-file PPO: `python -m benchmarks`.

Every measurement is a process of its own, pinned to one core (see `worker.py`). Rows are interleaved (A B C, B C A,
...) and repeated for some rounds; tables show medians, and ratios are medians of the rounds' ratios. A full run writes
`docs/speed.md`; every measurement is appended to `build/bench.jsonl`. `--again --only ROW` replaces rows of the last
full run, and says so on the page.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import report
import rows

HERE = Path(__file__).parent
ROOT = HERE.parent
CACHE = ROOT / "build" / "bench-cache"
FULL = ROOT / "build" / "bench-full.json"
PAIRS = ("ours_x2", "spin_x2")
SINGLE = ("batch_jobs", "env_batch_jobs", "env_cartpole")
PATIENCE = 1200  # [s] for one measurement
TURNS = 20


def environment() -> dict[str, str]:
    """One thread everywhere, compiled programs kept for the later rounds of this run only."""
    paths = os.pathsep.join([str(ROOT / "src"), str(HERE)])
    flags = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    threads = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    cache = {"JAX_COMPILATION_CACHE_DIR": str(CACHE), "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0.3"}
    return {**os.environ, **threads, **cache, "XLA_FLAGS": flags, "JAX_PLATFORMS": "cpu", "PYTHONPATH": paths}


class Worker:
    """One measuring process."""

    def __init__(self, row: str, config: str, core: int, scale: float):
        command = [sys.executable, str(HERE / "worker.py"), row, config, str(core), str(scale)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        self.process = subprocess.Popen(command, text=True, env=environment(), **pipes)
        self.name, self.said = f"{row} {config}", []
        self.watchdog = threading.Timer(PATIENCE, self.process.kill)
        self.watchdog.daemon = True
        self.watchdog.start()

    def until(self, word: str) -> str:
        """The first line that begins with `word`; ends the program with the worker's last words if it dies before."""
        assert self.process.stdout
        for line in self.process.stdout:
            if line.startswith(word):
                return line
            self.said = [*self.said[-40:], line]
        sys.exit(f"{self.name} died or took more than {PATIENCE} s:\n{''.join(self.said)}")

    def go(self) -> None:
        assert self.process.stdin
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def result(self) -> dict:
        return json.loads(self.until("{"))

    def end(self) -> None:
        self.process.communicate()
        self.watchdog.cancel()


def measure(row: str, config: str, cores: list[int], scale: float, clock: str = "seconds") -> dict:
    """One row, or, with several cores, the same row on all of them at the same time: rates are added.

    Several then take turns with each one alone: `ratio` is the rate of all together to the mean rate of one alone, both
    over `TURNS` short turns. The speed of a machine wanders by a tenth within a minute.
    clock: `seconds` of wall time, or `cpu_seconds` where other programs keep the cores busy.
    """
    turns = 1 if len(cores) == 1 else TURNS
    workers = [Worker(row, config, core, scale / turns) for core in cores]
    for worker in workers:
        worker.until("ready")
    results, lonely = [], []
    for _ in range(turns):
        results += _rates(workers, clock)
        if len(cores) > 1:
            lonely += [_rates([worker], clock)[0] for worker in workers]
    for worker in workers:
        worker.end()
    total = {**results[0], "name": row if len(cores) == 1 else f"{row}_x{len(cores)}"}
    for key in ("seconds", "cpu_seconds", "steps"):
        total[key] = sum(result[key] for result in results)
    total["rss_mb"] = sum(result["rss_mb"] for result in results[-len(cores) :])
    if len(cores) > 1:
        total["ratio"] = len(cores) * _rate(results) / _rate(lonely)
    return total | {"steps_per_second": len(cores) * _rate(results)}


def _rate(results: list[dict]) -> float:
    """Steps per second of one process, over all of `results`."""
    return sum(result["steps"] for result in results) / sum(result["steps"] / result["rate"] for result in results)


def _rates(workers: list[Worker], clock: str) -> list[dict]:
    """What workers that run at the same time measure, with their `rate` [steps/s]."""
    for worker in workers:
        worker.go()
    results = [worker.result() for worker in workers]
    return [result | {"rate": result["steps"] / result[clock]} for result in results]


def plan(only: list[str], cores: list[int]) -> list[tuple[str, str, list[int]]]:
    """(row, configuration, cores) of one round. `only`: row names and configuration letters to keep."""
    rows_wanted = {x for x in only if x not in rows.SHAPES}
    shapes = [x for x in rows.SHAPES if x in only] or list(rows.SHAPES)
    jobs = [(row.__name__, config, cores[:1]) for config in shapes for row in rows.CARTPOLE]
    if len(cores) > 1:
        jobs += [(row, config, cores[:2]) for config in shapes for row in PAIRS]
    jobs += [(row, "-", cores[:1]) for row in SINGLE]
    return [job for job in jobs if not rows_wanted or job[0] in rows_wanted]


def run(jobs: list[tuple[str, str, list[int]]], rounds: int, scale: float, clock: str) -> Iterator[dict]:
    """All measurements, the order turned by one row every round."""
    for i in range(rounds):
        shift = i % len(jobs)
        for row, config, cores in jobs[shift:] + jobs[:shift]:
            result = measure(row.removesuffix("_x2"), config, cores, scale, clock) | {"round": i}
            busy = 1 - result["cpu_seconds"] / result["seconds"]
            print(
                f"round {i + 1}/{rounds}  {result['name']:<15}{config:>2} {result['steps_per_second']:>14,.0f} steps/s"
                f"  warm-up {result['compile_s']:5.1f} s  {result['rss_mb']:6.0f} MB"
                + (f"  core lost to others {busy:.0%}" if busy > report.SPOILT else ""),
                flush=True,
            )
            yield result


def accelerator() -> dict | None:
    """The accelerator's measurement, or None where there is no accelerator."""
    env = {key: x for key, x in os.environ.items() if key not in ("JAX_PLATFORMS", "XLA_FLAGS")}
    env["PYTHONPATH"] = os.pathsep.join([str(ROOT / "src"), str(HERE)])
    done = subprocess.run([sys.executable, str(HERE / "accelerator.py")], text=True, capture_output=True, env=env)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    return json.loads(lines[-1]) if done.returncode == 0 and lines else None


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="one round, a tenth of the steps; nothing is written")
    parser.add_argument("--only", default="", help="rows and configurations, comma-separated: ours,sb3,A")
    parser.add_argument("--cpu-time", action="store_true", help="count processor seconds (on a busy machine)")
    parser.add_argument("--again", action="store_true", help="put the rows of --only into the last full run's page")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds must be at least 1")
    only = [x for x in options.only.split(",") if x]
    if options.again and not (FULL.exists() and only):
        parser.error("--again needs a full run before it, and --only")
    known = (*rows.ROWS, *PAIRS, *rows.SHAPES)
    if unknown := set(only) - set(known):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(known)}")
    shutil.rmtree(CACHE, ignore_errors=True)
    CACHE.mkdir(parents=True)
    cores = sorted(os.sched_getaffinity(0))
    rounds, scale = (1, 0.1) if options.quick else (options.rounds, 1.0)
    clock = "cpu_seconds" if options.cpu_time else "seconds"
    begin, results = time.time(), []
    with (ROOT / "build" / "bench.jsonl").open("a") as log:
        for result in run(plan(only, cores), rounds, scale, clock):
            results.append(result)
            log.write(json.dumps(result) + "\n")
            log.flush()
    made = {"results": results, "clock": clock, "seconds": time.time() - begin, "again": []}
    if options.again:
        made = replaced(json.loads(FULL.read_text()), results)
    text = report.page(gpu=None if only else accelerator(), **made)
    print("\n" + text)
    if options.again or not (only or options.quick):
        FULL.write_text(json.dumps(made))
        (ROOT / "docs" / "speed.md").write_text(text)


def replaced(full: dict, results: list[dict]) -> dict:
    """A full run with the rows of `results` in place of its own."""
    new = {(result["name"], result["config"]) for result in results}
    kept = [result for result in full["results"] if (result["name"], result["config"]) not in new]
    again = sorted({name for name, _ in new} | set(full["again"]))
    return full | {"results": kept + results, "again": again}


if __name__ == "__main__":
    main()
