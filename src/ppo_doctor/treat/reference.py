"""A foreign log against a learner known to be right: the log's settings, a Gymnasium environment, our own PPO."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ppo_doctor.diagnose.series import tail
from ppo_doctor.errors import UserError
from ppo_doctor.run import Run
from ppo_doctor.train.config import Config, Schedule, constant
from ppo_doctor.treat.gain import gain
from ppo_doctor.treat.proposals import dividing

SCHEDULES = {"learning_rate": "learning_rate", "clip_coef": "clip_coef_value", "ent_coef": "ent_coef_value"}
"""Setting -> the series that logs it."""
ASKED = (
    *("n_envs", "n_steps", "batch_size", "n_epochs", "learning_rate", "clip_coef", "ent_coef"),
    *("vf_coef", "max_grad_norm", "gamma", "gae_lambda", "normalize_advantage"),
)
"""Settings that every PPO has: a user wants to know which of them were not in the log."""
SIGNAL = "trial_gain_reference_learner"


@dataclass(frozen=True)
class Settings:
    """A log's settings as our trainer takes them."""

    config: Config
    unknown: tuple[str, ...]
    """Settings that the log does not name: ours are used."""


def settings(run: Run, steps: int | None = None) -> Settings:
    """What the log says of its configuration, ours for the rest; as many steps as the log has, or `steps`."""
    found: dict[str, Any] = {}
    kinds = {field.name: type(getattr(Config(), field.name)) for field in dataclasses.fields(Config)}
    for name, kind in kinds.items():
        value = run.scalar(name)
        if value is not None and kind in (int, float, bool):
            found[name] = kind(value)
    found |= {name: line for name, logged in SCHEDULES.items() if (line := _schedule(run, name, logged)) is not None}
    if (kl := run.scalar("target_kl")) is not None:
        found["target_kl"] = kl
    config = replace(Config(), **found | {"total_steps": steps or run.last_step, "signals": False})
    config = replace(config, batch_size=dividing(config.rollout_rows, config.batch_size))  # as ours must
    return Settings(config, tuple(name for name in ASKED if name not in found))


def _schedule(run: Run, name: str, logged: str) -> Schedule | None:
    """A coefficient over training: as configured, else the line between the first and the last value logged."""
    start, end = run.scalar(f"{name}_start"), run.scalar(f"{name}_end")
    if start is None and logged in run and len(seen := run.series(logged)):
        start, end = float(seen.value[0]), float(seen.value[-1])
    if start is None:
        return None
    return constant(start) if end is None or end == start else Schedule(start, end, "linear")


def returns(config: Config, env_id: str, seed: int) -> Iterator[tuple[int, float]]:
    """(environment steps, mean training return) after every update of one training of the reference."""
    from ppo_doctor.train import host

    for _, signals in host.train(config, host.vector(env_id, config.n_envs), seed):
        yield int(signals["env_steps"]), float(signals["mean_ep_return"])


def compared(run: Run, trained: Mapping[int, list[tuple[int, float]]], random: float) -> float:
    """What the reference gained over the log, both by the median training return of the last quarter.

    The log is one seed: its return stands for every one of the reference's, so that the interval is of their spread.
    Raises `UserError` for a log without a return.
    """
    if "mean_ep_return" not in run:
        raise UserError("the log holds no return of episodes to compare with")
    theirs = float(np.median(tail(run.series("mean_ep_return")).value))
    ours = [_late(rows) for rows in trained.values()]
    return gain(ours, [theirs] * len(ours), random)


def _late(rows: list[tuple[int, float]]) -> float:
    """Median return of the last quarter of the updates; updates in which no episode ended say nothing."""
    late = np.array([value for _, value in rows[-max(1, len(rows) // 4) :]])
    return float(np.median(late[np.isfinite(late)])) if np.isfinite(late).any() else float("nan")


def random_return(env_id: str) -> float:
    """Mean return of whole episodes of random play. Raises `UserError` for an environment that cannot be made."""
    from ppo_doctor import checking

    return float(checking.lab(env_id, (), None, 0).random_returns.mean())


def tried(run: Run, gained: float, random: float) -> Run:
    """`run` with what the trial measured; a gain that is no number is left out."""
    fresh = {SIGNAL: gained} if np.isfinite(gained) else {}
    return replace(run, signals={"random_return": random, **run.signals, **fresh})
