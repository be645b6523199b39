"""Where arrays live on several accelerators: environments are split among them, everything learned is on each.

`ppo.update` needs no change: the compiler follows its input's placement. Stacked learners whose number the devices
divide are split by seed instead, which needs no communication at all. On CPU never run this on virtual devices: an
all-reduce between them aborts on two cores; seeds get a process each there (`seeds`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jax
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from ppo_doctor.errors import UserError
from ppo_doctor.train.config import Config
from ppo_doctor.train.ppo import Learner

AXIS = "devices"


def mesh(devices: Sequence[Any] | None = None) -> Mesh:
    """All accelerators, or these, in a row."""
    return Mesh(np.array(jax.devices() if devices is None else devices), (AXIS,))


def rules(learner: Learner, n_envs: int, n_devices: int, stacked: int | None = None) -> Learner:
    """A `PartitionSpec` for every leaf of a learner, or of `stacked` ones. Raises `UserError` if nothing divides."""
    if stacked is not None and stacked % n_devices == 0:
        return jax.tree.map(lambda _: PartitionSpec(AXIS), learner)
    if n_envs % n_devices:
        seeds = "" if stacked is None else f", nor {stacked} seeds"
        raise UserError(
            f"{n_devices} devices cannot share n_envs {n_envs}{seeds} evenly; use a multiple of {n_devices}"
        )
    split = PartitionSpec(AXIS) if stacked is None else PartitionSpec(None, AXIS)
    whole = jax.tree.map(lambda _: PartitionSpec(), learner)
    return whole._replace(worlds=jax.tree.map(lambda _: split, learner.worlds))


def place(learner: Learner, config: Config, on: Mesh, stacked: int | None = None) -> Learner:
    """The learner, moved to where the rules want it."""
    specs = rules(learner, config.n_envs, on.size, stacked)
    return jax.tree.map(lambda x, spec: jax.device_put(x, NamedSharding(on, spec)), learner, specs)


def replicate(tree: Any, on: Mesh) -> Any:
    """`tree` with every array on each device: environment parameters and data."""
    return jax.device_put(tree, NamedSharding(on, PartitionSpec()))
