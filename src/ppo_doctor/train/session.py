"""One training of one seed into a run directory: rows of signals, evaluations, checkpoints, and an exact resume.

    for progress in session.run("cartpole", {}, config, 0, Path("runs/cartpole-1"), eval_every=10, eval_episodes=16):
        print(progress.step, progress.signals.get("eval_mean_return"))

After every update its row is appended; after every evaluation the best and the last checkpoint follow, in this order.
So rows never lag behind the last checkpoint: a resume drops the rows after it and computes them again, bit for bit.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

import jax
import numpy as np

from ppo_doctor import store
from ppo_doctor.errors import UserError
from ppo_doctor.train import baselines, checkpoint, envs, evaluate, ppo, schedule
from ppo_doctor.train.config import Config
from ppo_doctor.train.env import AbstractEnv, Box, Discrete
from ppo_doctor.train.evaluate import Agent, Scores
from ppo_doctor.train.job import BLOCKS, Job, Progress, read
from ppo_doctor.train.ppo import Learner


def run(
    system: str,
    params: Mapping[str, Any],
    config: Config,
    seed: int,
    path: Path,
    eval_every: int,
    eval_episodes: int,
    resume: bool = False,
    *,
    eval_blocks: int = BLOCKS,
) -> Generator[Progress, None, None]:
    """Train and yield after every update; leaving the loop early saves the run for `resume`.

    `eval_episodes` is per block of validation seeds. Raises `UserError` for settings that cannot work, a directory
    that holds another run, and a run whose numbers stay non-finite.
    """
    yield from follow(Job(system, params, config, seed, path, eval_every, eval_episodes, eval_blocks), resume)


def follow(job: Job, resume: bool = False) -> Generator[Progress, None, None]:
    """`run` for a job."""
    env = make(job, "train")
    session, learner = begin(job, env, resume)
    with session.writer:
        try:
            while session.update < job.config.n_updates:
                for now, signals in ppo.train(job.config, env, job.seed, learner):
                    learner, progress = session.record(now, signals)
                    yield progress
                    if learner is not now:  # a pulse: `train` holds the learner it yielded, go on from the changed one
                        break
        except (KeyboardInterrupt, GeneratorExit):
            session.save(learner)
            raise


def make(job: Job, split: str) -> AbstractEnv:
    """The job's environment on one split of its data."""
    return envs.make(job.system, split=split, **job.params)


def begin(job: Job, env: AbstractEnv, resume: bool) -> tuple[Session, Learner]:
    """Create the run directory, or open it where its last checkpoint stands, and the learner to go on from."""
    if not (resume and (job.path / "run.json").exists()):
        learner = ppo.init(job.config, env, job.seed)  # first: what cannot work leaves no directory behind
        return Session.start(job, env, store.create(job.path, job.meta())), learner
    if read(job.path) != job.recorded():
        raise UserError(f"{job.path} was trained with other settings than asked for; resume it as it is, or start anew")
    last = job.path / "checkpoints" / "last.eqx"
    learner = checkpoint.load(last, job.config, env) if last.exists() else ppo.init(job.config, env, job.seed)
    return reopen(job, env, learner), learner


def reopen(job: Job, env: AbstractEnv, learner: Learner) -> Session:
    """The session as it was when `learner` was saved."""
    done = int(learner.controls.update)
    writer = store.open(job.path, after_step=done * job.config.rollout_rows if done else -1)
    return Session.start(job, env, writer, done, int(learner.controls.pulse_left))


class Session:
    """The recording side of one training: what is known of it beside its learner."""

    def __init__(self, job: Job, env: AbstractEnv, writer: store.Writer, update: int = 0, pulse_left: int = 0) -> None:
        self.job, self.writer, self.update = job, writer, update
        self._pulse_left = pulse_left
        self._validation = make(job, "validation")
        self._seeds = evaluate.seed_block("validation", job.eval_blocks * job.eval_episodes)
        self._max_steps = envs.max_steps(job.system, self._validation)
        metric, self._minimise = baselines.headline(job.system)
        self._score = "eval_mean_return" if metric == "return" else f"eval_metric/{metric}"
        self._returns, self._scores = self._history() if update else ([], [])
        if "random_return" not in writer.scalars:
            writer.add_scalars(facts(job.config, env, self._max_steps) | self._references())

    @classmethod
    def start(cls, job: Job, env: AbstractEnv, writer: store.Writer, update: int = 0, pulse_left: int = 0) -> Session:
        """A session that has taken over `writer`; if that fails, the writer is closed."""
        try:
            return cls(job, env, writer, update, pulse_left)
        except BaseException as error:
            writer.__exit__(type(error), error, None)
            raise

    def _history(self) -> tuple[list[float], list[float]]:
        """Validation returns and scores so far, from the run's own rows."""
        seen = store.load(self.job.path)
        if self.update * self.job.config.rollout_rows != seen.last_step:
            raise UserError(
                f"{self.job.path / 'signals.jsonl'} ends at step {seen.last_step}, before the last checkpoint: "
                "rows were lost with the machine's power; restore the file from a copy, or start a new run"
            )
        if "eval_mean_return" not in seen:
            return [], []
        return seen.series("eval_mean_return").value.tolist(), seen.series(self._score).value.tolist()

    def _references(self) -> dict[str, float]:
        """What random play (and its spread over episodes) and the best baseline return on the validation seeds."""
        policies = baselines.policies(self.job.system, self._validation)
        scores = evaluate.run_each(self._validation, policies, self._seeds, self._max_steps)
        returns = {name: float(np.mean(score.returns)) for name, score in scores.items()}
        others = [value for name, value in returns.items() if name != "random"]
        found = {"random_return": returns["random"], "random_return_std": float(np.std(scores["random"].returns))}
        return found | ({"best_baseline_return": max(others)} if others else {})

    @property
    def best(self) -> float | None:
        """Best finite validation score so far; None before the first."""
        finite = [score for score in self._scores if math.isfinite(score)]
        return (min if self._minimise else max)(finite, default=None)

    def due(self, update: int) -> bool:
        """Whether this update is evaluated and saved."""
        return update % self.job.eval_every == 0 or update == self.job.config.n_updates

    def record(self, learner: Learner, signals: Mapping[str, float]) -> tuple[Learner, Progress]:
        """Write down one update; evaluate and save if it is due (only then, or if it was refused, look at the learner).

        Returns the learner to go on with: the same object, or one on which a temperature pulse was started.
        """
        job, self.update = self.job, int(signals["updates"])
        pulsing, self._pulse_left = 1.0 * (self._pulse_left > 0), max(self._pulse_left - 1, 0)
        row = dict(signals) | {"pulse_active": pulsing} | self._curriculum()
        due = self.due(self.update)
        if due:
            row |= self._evaluate(learner, row["temperature"])
        self.writer.append(int(signals["env_steps"]), self.update, row)
        if row["refused"] > 0:
            checkpoint.save(job.path / "checkpoints" / "refused.eqx", learner)
        if due:
            learner = self._keep(learner, row)
        where = (job.seed, self.update, job.config.n_updates, int(row["env_steps"]))
        return learner, Progress(*where, row, row.get(self._score), self.best)

    def _curriculum(self) -> dict[str, float]:
        curriculum = self.job.config.curriculum
        if curriculum is None:
            return {}
        return {
            "curriculum_progress": min(1.0, (self.update - 1) / self.job.config.n_updates / curriculum.schedule.until)
        }

    def _keep(self, learner: Learner, row: Mapping[str, float]) -> Learner:
        """Best checkpoint (a tie keeps the earlier one), pulse, last checkpoint."""
        before, score = self.best, row[self._score]
        self._returns.append(row["eval_mean_return"])
        self._scores.append(score)
        if math.isfinite(score) and (before is None or (score < before if self._minimise else score > before)):
            checkpoint.save(self.job.path / "checkpoints" / "best.eqx", learner)
        if pulse_due(self._returns, self.job.config):
            self._pulse_left = self.job.config.pulse_updates
            left = learner.controls.pulse_left
            learner = learner._replace(controls=learner.controls._replace(pulse_left=left * 0 + self._pulse_left))
        self.save(learner)
        return learner

    def save(self, learner: Learner) -> None:
        """Write the last checkpoint, unless an interrupted update has consumed the learner: the one on disk stays."""
        if consumed(learner):
            return
        self.writer.sync()
        checkpoint.save(self.job.path / "checkpoints" / "last.eqx", learner)

    def _evaluate(self, learner: Learner, temperature: float) -> dict[str, float]:
        """Signals of the greedy and of the sampled policy on the validation seeds."""

        def play(greedy: bool) -> Scores:
            parts = (self.job.config, self._validation, learner.model, learner.norms, greedy)
            return evaluate.run_episodes(self._validation, Agent(*parts, temperature), self._seeds, self._max_steps)

        continuous = isinstance(self._validation.space, Box)
        return eval_signals(play(True), play(False), self.job.eval_blocks, continuous)


def consumed(learner: Learner) -> bool:
    """Whether an update has taken the learner's memory."""
    return any(leaf.is_deleted() for leaf in jax.tree.leaves(learner))


def eval_signals(greedy: Scores, sampled: Scores, blocks: int, continuous: bool = False) -> dict[str, float]:
    """The `eval_...` signals of one evaluation on `blocks` blocks of seeds."""
    means = evaluate.block_means(np.asarray(greedy.returns), blocks)
    found = {"eval_mean_return": means.mean(), "eval_min_block_return": means.min()}
    found |= {"eval_max_block_return": means.max(), "eval_sampled_mean_return": sampled.returns.mean()}
    found |= {f"eval_block{k}_return": value for k, value in enumerate(means)}
    sums, steps = {name: x.sum() for name, x in greedy.metrics.items()}, greedy.lengths.sum()
    if "noop" in sums:
        found["eval_noop_frac"] = sums["noop"] / steps
    if "avoidable_noop" in sums:
        could = sums["feasible"]
        found["eval_avoidable_noop_frac"] = sums["avoidable_noop"] / could if could > 0 else math.nan
    if not continuous:
        found["eval_invalid_frac"] = sums.get("invalid", 0.0) / steps
    reserved = ("noop", "avoidable_noop", "feasible", "invalid")
    found |= {f"eval_metric/{name}": x.mean() for name, x in greedy.metrics.items() if name not in reserved}
    return {name: float(value) for name, value in found.items()}


def pulse_due(returns: list[float], config: Config) -> bool:
    """Whether the latest evaluation starts a pulse: the run is stagnant, a whole window after the pulse before.

    Depends on the returns alone, so that a resumed run pulses as the uninterrupted one.
    """
    window, last = config.stagnation_window, 0
    if config.pulse_temperature is None:
        return False
    for n in range(1, len(returns) + 1):
        if n - last >= window and schedule.stagnant(returns[:n], window, config.stagnation_threshold):
            last = n
    return last == len(returns) > 0


def facts(config: Config, env: AbstractEnv, limit: int) -> dict[str, float]:
    """Numbers of the environment, whose episodes have `limit` steps at most, that rules refer to."""
    found = {
        "episode_limit": float(limit),
        "rollout_rows": float(config.rollout_rows * env.num_agents),
        "n_agents": float(env.num_agents),
        "masked": float(not isinstance(env.space, Box)),
    }
    return found | ({"n_actions": float(env.space.n)} if isinstance(env.space, Discrete) else {})
