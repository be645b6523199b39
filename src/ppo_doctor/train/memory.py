"""Whether an update can fit into memory at all: asked before anything is allocated."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any

import jax

from ppo_doctor.errors import UserError
from ppo_doctor.train import distribution
from ppo_doctor.train.config import Config
from ppo_doctor.train.env import AbstractEnv

CONTAINER = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
"""Where Linux says what a container may use (control groups, version 2 and 1)."""
ROW = 22
"""Bytes of a row beside observation, mask and action: five numbers (log-probability, value, next value, reward, return)
and two flags."""


def check(config: Config, env: AbstractEnv) -> None:
    """Raise `UserError` if one update cannot fit into the memory of the device."""
    least, have = needed(config, env), available()
    if have is not None and least > have:
        lower = "n_envs" if config.n_envs >= config.n_steps else "n_steps"
        raise UserError(
            f"a rollout of {config.n_envs:,} environments x {config.n_steps:,} steps needs at least "
            f"{least / 2**30:,.1f} GiB of memory, and there are {have / 2**30:,.1f}: lower {lower}"
        )


def needed(config: Config, env: AbstractEnv) -> int:
    """Least memory of an update [bytes]: states, views, noise and what is kept of each row, and the hidden units of one
    chunk of a minibatch, which its gradient needs. Training takes more: copies, and what the compiler adds."""

    def one() -> Any:
        key = jax.random.key(0)
        noise = env.draw(key)
        state, view = env.reset(noise)
        return state, view, noise, distribution.draw(env.space, key, (env.num_agents,))

    state, view, noise, action = (_size(tree) for tree in jax.eval_shape(one))
    step = view + noise + 2 * action + ROW * env.num_agents  # an action is as large as its noise
    units = sum(config.network.actor) + sum(config.network.critic)
    chunk = config.batch_size // config.grad_chunks * units * 4
    return config.n_envs * (state + view + config.n_steps * step) + chunk


def _size(tree: Any) -> int:
    return sum(math.prod(leaf.shape) * leaf.dtype.itemsize for leaf in jax.tree.leaves(tree))


def available() -> int | None:
    """Memory of the device that trains, all of it [bytes]; None where nobody says."""
    device = jax.devices()[0]
    if device.platform != "cpu":
        return (device.memory_stats() or {}).get("bytes_limit")
    try:
        machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # no POSIX
        return None
    limits = [Path(path).read_text().strip() for path in CONTAINER if Path(path).is_file()]
    return min([machine, *(int(limit) for limit in limits if limit.isdigit())])
