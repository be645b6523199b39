"""The public test protocol of RLScheduler (Zhang et al., SC 2020), and its published figures.

Ten windows of 1024 consecutive jobs, their starts drawn by gym's `np_random(1)` from the whole trace (the first
10,000 jobs of HPC2N); an empty machine at the start; a picked job holds the head of the queue until it fits; with or
without EASY backfilling. Bounded slowdown (10 s) is averaged over jobs, then over windows. Utilisation is work /
(time of the last decision x processors): the tail after the last decision is not in it.

`python -m ppo_doctor.train.rlscheduler` prints the table of the heuristics beside the published figures as Markdown.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Array

from ppo_doctor.train import schedules, swf
from ppo_doctor.train.baselines import batch_jobs as baselines
from ppo_doctor.train.envs.batch_jobs import BatchJobs, from_jobs
from ppo_doctor.train.faults import wait_time_unset

LENGTH, WINDOWS, SEED, JOBS = 1024, 10, 1, 10_000
TRACES = ("lublin-1", "lublin-2", "hpc2n")
SLOTS = 256
"""Running slots for all three traces, which have at most so many processors: one shape, one compilation."""
HEURISTICS = ("fcfs", "wfp3", "unicep", "sjf", "f1")
_ROWS = """
lublin-1 no   7273.77 19753.53 22274.74 277.35 258.37 254.67
lublin-2 no   7842.47  9523.18 11265.31 787.89 698.34 724.51
hpc2n    no    297.18   426.99   609.77 157.71 118.01 117.01
lublin-1 yes   235.82   133.87   307.23  73.31  75.07  58.64
lublin-2 yes   247.61   318.35   379.59  91.99 148.25 118.79
hpc2n    yes   127.38    97.39   175.12 122.04  71.95  86.14
"""
PUBLISHED: dict[tuple[str, bool], dict[str, float]] = {
    (trace, backfill == "yes"): dict(zip((*HEURISTICS, "rl"), map(float, figures), strict=True))
    for trace, backfill, *figures in map(str.split, _ROWS.strip().splitlines())
}
"""Average bounded slowdown in the tables of RLScheduler's README, by trace and backfilling. Its `wfp3` and `unicep`
carry the fault `wait_time_unset`; `rl` was trained on the whole trace."""


class Outcome(NamedTuple):
    """Of one policy, per window, float64 [windows]: mean bounded slowdown, and utilisation as published."""

    slowdown: np.ndarray
    utilisation: np.ndarray


def np_random(seed: int) -> np.random.RandomState:
    """The generator of gym 0.x's `seeding.np_random(seed)`: seeded by the first 8 bytes of SHA-512 of its decimals."""
    digest = hashlib.sha512(str(seed).encode()).digest()[:8]
    return np.random.RandomState(np.frombuffer(digest, "<u4").astype(np.uint32))


def starts(jobs: swf.Jobs, windows: int = WINDOWS) -> np.ndarray:
    """First jobs of the protocol's windows."""
    random = np_random(SEED)
    return np.array([random.randint(LENGTH, len(jobs) - LENGTH - 1) for _ in range(windows)])


def environment(trace: str, *, backfill: bool, window: int = LENGTH, windows: int = WINDOWS, **view: Any) -> BatchJobs:
    """The protocol's episodes, row i of the pool being its window i. window: visible jobs (an agent sees fewer).
    view: what else an agent sees, as in `batch_jobs.make` (its `prior`)."""
    jobs = swf.read(swf.locate(trace)).head(JOBS)
    slots = max(SLOTS, jobs.processors)
    return from_jobs(
        jobs,
        starts(jobs, windows),
        n_jobs=LENGTH,
        window=window,
        slots=slots,
        hold=True,
        backfill=backfill,
        record=True,
        **view,
    )


def evaluate(env: BatchJobs, policy: Callable[..., Array], seed: int = 0) -> Outcome:
    """Play all windows of `env` with a policy (a heuristic or a trained agent)."""
    played = schedules.play(env, policy, seed=seed)
    capacity = np.maximum(played.decided, 1) * int(env.processors)
    return Outcome(played.slowdown().mean(axis=1), played.work() / capacity)


def heuristics(env: BatchJobs) -> dict[str, Callable[..., Array]]:
    """The published heuristics with WFP3 and UNICEP as they should be; the faulty ones have `*` behind their name."""
    ranked = {name: baselines.by_rank(env, name) for name in ("fcfs", "sjf", "f1")}
    aged = {"wfp3": baselines.wfp3(env), "unicep": baselines.unicep(env)}
    faulty = {f"{name}*": policy for name, policy in wait_time_unset.policies(env).items()}
    return ranked | faulty | aged


def table() -> str:
    """Every heuristic on every trace, with and without backfilling, as Markdown; `=` marks equality to the digit."""
    names = ("fcfs", "sjf", "f1", "wfp3*", "unicep*", "wfp3", "unicep")
    lines = [
        "| trace | backfilling | " + " | ".join(names) + " | published RL |",
        "|---|---|" + "---|" * (len(names) + 1),
    ]
    for (trace, backfill), published in PUBLISHED.items():
        env = environment(trace, backfill=backfill)
        means = {name: evaluate(env, policy).slowdown.mean() for name, policy in heuristics(env).items()}
        cells = [_cell(means[name], _published(published, name)) for name in names]
        lines.append(f"| {trace} | {'yes' if backfill else 'no'} | {' | '.join(cells)} | {published['rl']:.2f} |")
    return "\n".join(lines)


def _published(figures: dict[str, float], name: str) -> float | None:
    """The printed figure of a heuristic; the corrected WFP3 and UNICEP have none."""
    return None if name in ("wfp3", "unicep") else figures[name.rstrip("*")]


def _cell(mean: float, published: float | None) -> str:
    if published is None:
        return f"{mean:.2f}"
    return f"{mean:.2f} =" if f"{mean:.2f}" == f"{published:.2f}" else f"{mean:.2f} (published {published:.2f})"


if __name__ == "__main__":
    sys.stdout.write(table() + "\n")
