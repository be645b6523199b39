"""Whole learners on disk: weights, optimiser, statistics, environments, random key, counters. Resume is exact."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp

from ppo_doctor.errors import UserError
from ppo_doctor.train import ppo
from ppo_doctor.train.config import Config
from ppo_doctor.train.env import AbstractEnv
from ppo_doctor.train.ppo import Learner


def save(path: Path, learner: Learner) -> None:
    """Write a learner; the old file stays whole until the new one is (write beside, sync, rename)."""
    part = path.with_suffix(path.suffix + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            eqx.tree_serialise_leaves(file, _plain(learner))
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise UserError(
            f"cannot write checkpoint {path}: {error.strerror or error}; free space or choose another --runs folder"
        ) from error


def load(path: Path, config: Config, env: AbstractEnv, stacked: int | None = None) -> Learner:
    """The learner that `save` wrote under the same configuration and environment, or `stacked` ones."""
    shape = _plain(ppo.init(config, env, 0))
    if stacked is not None:
        shape = jax.tree.map(lambda x: jnp.broadcast_to(x, (stacked, *x.shape)), shape)
    try:
        with path.open("rb") as file:
            data = eqx.tree_deserialise_leaves(file, shape)
    except FileNotFoundError:
        raise UserError(f"no checkpoint {path}: the run saved none; train it first") from None
    except Exception as error:
        raise UserError(
            f"checkpoint {path} does not fit this run's configuration or is damaged ({type(error).__name__}); "
            "use the configuration in run.json, or start a new run"
        ) from error
    return data._replace(key=jax.random.wrap_key_data(data.key))


def _plain(learner: Learner) -> Any:
    return learner._replace(key=jax.random.key_data(learner.key))


def copy(learner: Learner) -> Learner:
    """A copy that survives the next update, which consumes the original."""
    return jax.tree.map(jnp.copy, learner)
