"""A trained policy against every baseline and the bound, on the report seeds: means, paired differences and ratios.

All policies play the same episodes, so what one episode adds to all of them cancels in a difference. Intervals are 95 %
percentile bootstraps that draw training seeds and episodes anew (Efron & Tibshirani 1993; two levels as in Davison &
Hinkley 1997, section 3.8). They speak about this trace and these parameters: episodes are windows of one trace that
may overlap, so on a short trace they are closer than those of a fresh one would be.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
from jaxtyping import Float

from ppo_doctor.errors import UserError
from ppo_doctor.train import baselines, checkpoint, envs, evaluate, session
from ppo_doctor.train.env import AbstractEnv
from ppo_doctor.train.evaluate import Agent, Scores
from ppo_doctor.train.job import Job

RESAMPLES = 4000
LEVEL = 0.95
Which = Literal["best", "last"]


class Interval(NamedTuple):
    """An estimate with its 95 % interval; NaN where undefined."""

    mean: float
    low: float
    high: float


class Weights(NamedTuple):
    """How often each training seed and each episode was drawn, as shares that add to 1."""

    seeds: Float[np.ndarray, "resamples seeds"]
    episodes: Float[np.ndarray, "resamples episodes"]


def weights(n_seeds: int, n_episodes: int, resamples: int = RESAMPLES) -> Weights:
    """Bootstrap weights; the same for the same sizes, so that equal inputs give equal intervals."""
    rng = np.random.default_rng(0)
    sizes = (n_seeds, n_episodes)
    return Weights(*(rng.multinomial(n, np.full(n, 1 / n), size=resamples) / n for n in sizes))


def means(x: Float[np.ndarray, "seeds episodes"], drawn: Weights) -> Float[np.ndarray, " resamples"]:
    """The mean of x under each resampling of its seeds and episodes; one seed stands for a fixed policy."""
    by_seed = drawn.episodes @ x.T
    return by_seed[:, 0] if len(x) == 1 else np.sum(by_seed * drawn.seeds, axis=1)


def interval(estimate: float, samples: Float[np.ndarray, " resamples"]) -> Interval:
    """Percentile interval around an estimate."""
    if not np.isfinite(samples).all():
        return Interval(float(estimate), float("nan"), float("nan"))
    low, high = np.quantile(samples, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(estimate), float(low), float(high))


class Versus(NamedTuple):
    """One policy against another on the same episodes."""

    difference: Interval
    """Mean of a minus mean of b."""
    ratio: Interval
    """Mean of a over mean of b; NaN unless both are positive."""


def versus(a: Float[np.ndarray, "seeds episodes"], b: Float[np.ndarray, "others same"]) -> Versus:
    """Compare a with b, paired by episode: both are resampled on the same episodes, each on its own training seeds."""
    if a.shape[1] != b.shape[1]:
        raise ValueError(f"{a.shape[1]} and {b.shape[1]} episodes cannot be paired")
    one = weights(len(a), a.shape[1])
    others = np.roll(weights(len(b), b.shape[1]).seeds, 1, axis=0)  # two sets of training seeds are two draws
    left, right = means(a, one), means(b, Weights(others, one.episodes))
    positive = a.mean() > 0 and b.mean() > 0 and (right > 0).all()
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio, samples = (a.mean() / b.mean(), left / right) if positive else (np.nan, left * np.nan)
    return Versus(interval(a.mean() - b.mean(), left - right), interval(ratio, samples))


class Row(NamedTuple):
    """One line of the table."""

    name: str
    kind: Literal["ppo", "seed", "baseline", "bound"]
    mean: Interval
    worst_block: float
    best_block: float
    versus: Versus | None
    """The pooled PPO policies against this one; None for PPO itself."""
    unfinished: int
    """Episodes cut by the step bound: a mean over such episodes is not comparable."""
    metrics: dict[str, float]
    """Means of all metrics of an episode, and of its `return` and `length`."""
    values: np.ndarray
    """Headline metric by training seed and episode [seeds, episodes]."""


class Table(NamedTuple):
    """The comparison of one system."""

    system: str
    params: dict[str, Any]
    metric: str
    minimise: bool
    checkpoint: str
    seeds: tuple[int, ...]
    episodes: int
    blocks: int
    rows: tuple[Row, ...]

    def as_dict(self) -> dict[str, Any]:
        """What evaluation.json holds; `values` are per training seed and episode."""
        rows = [row._asdict() | {name: _plain(getattr(row, name)) for name in ("mean", "versus")} for row in self.rows]
        return {"split": "report", "level": LEVEL} | self._asdict() | {"rows": rows}


def _plain(value: Any) -> Any:
    """Named tuples as mappings."""
    if not hasattr(value, "_asdict"):
        return value
    return {name: _plain(entry) for name, entry in value._asdict().items()}


def compare(jobs: Sequence[Job], episodes: int, which: Which = "best") -> Table:
    """Evaluate the jobs' checkpoints, all baselines and the bound on `episodes` report seeds.

    Raises `UserError` if there is no checkpoint, or `episodes` is not a multiple of the blocks.
    """
    job, blocks = jobs[0], jobs[0].eval_blocks
    if episodes < blocks or episodes % blocks:
        enough = max(1, -(-episodes // blocks)) * blocks
        raise UserError(f"--episodes {episodes} must be a multiple of the {blocks} blocks; use {enough}")
    env = session.make(job, "report")
    seeds, bound = evaluate.seed_block("report", episodes), envs.max_steps(job.system, env)
    trained = {one.seed: evaluate.run_episodes(env, agent(one, env, which), seeds, bound) for one in jobs}
    fixed = evaluate.run_each(env, baselines.policies(job.system, env), seeds, bound)
    limit = _bound(job, env, seeds)
    metric, minimise = baselines.headline(job.system)
    rows = _rows(metric, minimise, blocks, trained, fixed, limit)
    about = (job.system, dict(job.params), metric, minimise, which, tuple(trained), episodes, blocks)
    return Table(*about, tuple(rows))


def agent(job: Job, env: AbstractEnv, which: Which) -> Agent:
    """The greedy policy in a checkpoint of a run."""
    path = job.path / "checkpoints" / f"{which}.eqx"
    learner = checkpoint.load(path, job.config, env)
    return Agent(job.config, env, learner.model, learner.norms, greedy=True)


def _bound(job: Job, env: AbstractEnv, seeds: np.ndarray) -> np.ndarray | None:
    module = baselines.module(job.system)
    if not hasattr(module, "bound"):
        return None
    return np.asarray(module.bound(env, evaluate.first_noise(env, seeds)), np.float64)


def _rows(
    metric: str,
    minimise: bool,
    blocks: int,
    trained: dict[int, Scores],
    fixed: dict[str, Scores],
    limit: np.ndarray | None,
) -> list[Row]:
    """PPO pooled, each of its seeds, every baseline, the bound."""
    pooled = np.stack([headline(one, metric) for one in trained.values()])

    def row(name: str, kind: Any, scores: Sequence[Scores], values: np.ndarray) -> Row:
        parts = np.mean([evaluate.block_means(x, blocks) for x in values], axis=0)
        worst, best = (parts.max(), parts.min()) if minimise else (parts.min(), parts.max())
        against = None if kind in ("ppo", "seed") else versus(pooled, values)
        mean = interval(values.mean(), means(values, weights(len(values), values.shape[1])))
        unfinished = int(sum(np.sum(~one.finished) for one in scores))
        return Row(name, kind, mean, float(worst), float(best), against, unfinished, _metrics(scores), values)

    found = [row("PPO", "ppo", list(trained.values()), pooled)]
    if len(trained) > 1:
        found += [row(f"PPO seed {n}", "seed", [s], pooled[[i]]) for i, (n, s) in enumerate(trained.items())]
    found += [row(name, "baseline", [scores], headline(scores, metric)[None]) for name, scores in fixed.items()]
    return found + ([] if limit is None else [row("bound", "bound", [], limit[None])])


def headline(scores: Scores, metric: str) -> np.ndarray:
    """The system's metric of each episode [n], float64."""
    return np.asarray(scores.returns if metric == "return" else scores.metrics[metric], np.float64)


def _metrics(scores: Sequence[Scores]) -> dict[str, float]:
    if not scores:
        return {}
    columns = [one.metrics | {"return": one.returns, "length": one.lengths} for one in scores]
    return {name: float(np.mean([column[name] for column in columns])) for name in columns[0]}
