"""Trained `batch_jobs` policies beside the published figures and beside the heuristics, as Markdown.

`python -m ppo_doctor.train.versus_published RUN [RUN ...]` prints, for each run directory (all its seeds):

1. the ten public windows of `rlscheduler`, where RLScheduler's own policy was trained on the whole trace and ours on
   its first 60 %: most of these windows lie in our training part too, so it says nothing about generalisation;
2. windows of 1024 and of 256 jobs from the report part, on which nothing was trained or selected, paired with every
   heuristic: ratio of means with two 95 % intervals. The first draws windows independently; but neighbouring windows
   share jobs, so the second draws circular blocks of windows that span one window length (Politis and Romano 1992).
   Believe the second.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float

from ppo_doctor import runs
from ppo_doctor.errors import UserError
from ppo_doctor.train import compare, rlscheduler, schedules, session
from ppo_doctor.train.baselines import batch_jobs as baselines
from ppo_doctor.train.compare import Interval
from ppo_doctor.train.envs import batch_jobs
from ppo_doctor.train.envs.batch_jobs import BatchJobs
from ppo_doctor.train.job import Job, read

WINDOWS = 200
VISIBLE = 512
"""Waiting jobs an agent sees when it is judged: its network takes any number."""
HEURISTICS = ("sjf", "wfp3", "unicep", "f1")


class Pairing(NamedTuple):
    """A policy against one heuristic: means, ratio of means, and its interval by windows and by blocks of windows."""

    name: str
    mean: float
    by_window: Interval
    by_block: Interval


def block_weights(n: int, block: int, resamples: int = compare.RESAMPLES) -> Float[np.ndarray, "resamples n"]:
    """How often each of n ordered windows is drawn, as shares, when circular blocks of `block` windows are drawn."""
    rng = np.random.default_rng(0)
    first = rng.integers(0, n, (resamples, -(-n // block)))
    drawn = (first[:, :, None] + np.arange(block)).reshape(resamples, -1)[:, :n] % n
    return np.stack([np.bincount(row, minlength=n) for row in drawn]) / n


def ratio(a: Float[np.ndarray, "seeds n"], b: Float[np.ndarray, " n"], drawn: compare.Weights) -> Interval:
    """Mean of a over mean of b, both on the same resampled windows; a's training seeds are drawn too."""
    left, right = compare.means(a, drawn), compare.means(b[None], drawn)
    return compare.interval(a.mean() / b.mean(), left / right)


def slowdowns(env: BatchJobs, policies: Sequence[object]) -> Float[np.ndarray, "policies n"]:
    """Mean bounded slowdown of every episode of the pool under each policy."""
    return np.stack([schedules.play(env, policy).slowdown().mean(axis=1) for policy in policies])  # type: ignore[arg-type]


def agents(jobs: Sequence[Job], env: BatchJobs) -> Float[np.ndarray, "seeds n"]:
    """`slowdowns` of the jobs' best policies; trained with another window or episode length, they serve any."""
    trained = [compare.agent(job, session.make(job, "report"), "best") for job in jobs]
    return slowdowns(env, [agent._replace(env=env) for agent in trained])


def shown(jobs: Sequence[Job]) -> dict[str, Any]:
    """What the agents were trained to see beside the queue."""
    return {name: jobs[0].params[name] for name in ("prior", "prior_scale") if name in jobs[0].params}


def report_part(jobs: Sequence[Job], n_jobs: int, backfill: bool) -> list[Pairing]:
    """The jobs' policies against every heuristic on `WINDOWS` windows of the report part."""
    trace = jobs[0].params.get("trace", "lublin-1")
    env = batch_jobs.make(
        "report", trace=trace, n_jobs=n_jobs, window=min(VISIBLE, n_jobs), hold=True, backfill=backfill, pool=WINDOWS,
        **shown(jobs),
    )  # fmt: skip
    ours = agents(jobs, env)
    known = baselines.policies(env)
    starts = np.asarray(env.starts)
    block = max(1, round(n_jobs * len(starts) / max(1, starts[-1] - starts[0] + n_jobs)))
    independent = compare.weights(len(ours), len(starts))
    blocks = independent._replace(episodes=block_weights(len(starts), block))
    found = [Pairing("PPO", float(ours.mean()), *(Interval(1.0, 1.0, 1.0),) * 2)]
    for name in HEURISTICS:
        other = slowdowns(env, [known[name]])[0]
        found.append(Pairing(name, float(other.mean()), ratio(ours, other, independent), ratio(ours, other, blocks)))
    return found


def public_windows(jobs: Sequence[Job], backfill: bool) -> np.ndarray:
    """Mean bounded slowdown over the ten public windows, [seeds]."""
    trace = jobs[0].params.get("trace", "lublin-1")
    env = rlscheduler.environment(trace, backfill=backfill, **shown(jobs))
    return agents(jobs, env).mean(axis=1)


def public_table(groups: Sequence[Sequence[Job]]) -> Iterator[str]:
    """Our policies beside the published ones, a line at a time."""
    yield "| trace | backfilling | PPO, mean of seeds | PPO, by seed | published RL | published best heuristic |"
    yield "|---|---|---|---|---|---|"
    for jobs in groups:
        trace = str(jobs[0].params.get("trace", "lublin-1"))
        for backfill in (False, True):
            figures = rlscheduler.PUBLISHED.get((trace, backfill))
            if figures is None:
                continue
            ours = public_windows(jobs, backfill)
            name, best = min(((k, v) for k, v in figures.items() if k != "rl"), key=lambda kv: kv[1])
            seeds = ", ".join(f"{x:.2f}" for x in ours)
            cells = [trace, "yes" if backfill else "no", f"{ours.mean():.2f}", seeds, f"{figures['rl']:.2f}"]
            yield f"| {' | '.join(cells)} | {name} {best:.2f} |"


def report_table(groups: Sequence[Sequence[Job]]) -> Iterator[str]:
    """Paired windows of the report parts, a line at a time."""
    yield "| trace | jobs | backfilling | against | its mean | PPO | PPO / it | by window | by block | verdict |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for jobs in groups:
        trace = str(jobs[0].params.get("trace", "lublin-1"))
        for n_jobs, backfill in itertools.product((256, 1024), (False, True)):
            ppo, *others = report_part(jobs, n_jobs, backfill)
            for p in others:
                spans = [f"[{i.low:.3f}, {i.high:.3f}]" for i in (p.by_window, p.by_block)]
                cells = [trace, str(n_jobs), "yes" if backfill else "no", p.name, f"{p.mean:.1f}", f"{ppo.mean:.1f}"]
                yield f"| {' | '.join(cells)} | {p.by_block.mean:.3f} | {' | '.join(spans)} | {verdict(p)} |"


def verdict(pairing: Pairing) -> str:
    """Who wins by the block interval."""
    if pairing.by_block.high < 1:
        return "PPO wins"
    return "PPO loses" if pairing.by_block.low > 1 else "tie"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; 2 for a user's mistake."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", nargs="+", help="a batch_jobs run directory, or its name in --runs")
    parser.add_argument("--runs", default="runs", help="folder of runs")
    options = parser.parse_args(arguments)
    try:
        groups = [[read(path) for path in runs.members(runs.find(run, Path(options.runs)))] for run in options.run]
        wrong = [job.system for jobs in groups for job in jobs if job.system != "batch_jobs"]
        if wrong:
            raise UserError(f"a run of {wrong[0]} cannot be compared with batch schedulers; name runs of batch_jobs")
        for line in itertools.chain(public_table(groups), [""], report_table(groups)):
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
