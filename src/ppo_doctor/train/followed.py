"""A policy of the user's own, known to be good, played in a Gymnasium environment: the reference of a check."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np

from ppo_doctor.errors import UserError
from ppo_doctor.train.hosted import Hosted

Policy = Callable[[Any], Any]
"""observation -> action, as the environment gives and takes them."""


def load(name: str) -> Policy:
    """What `module:function` names. Raises `UserError` in one line."""
    module, _, attribute = name.partition(":")
    try:
        found = getattr(importlib.import_module(module), attribute)
    except Exception as error:  # noqa: BLE001  # whatever a stranger's module raises is one line to its owner
        raise UserError(f"the reference {name!r} cannot be loaded: {type(error).__name__}: {error}") from None
    if not callable(found):
        raise UserError(f"the reference {name!r} is no function of an observation; give module:function")
    return found


def rewards(world: Hosted, policy: Policy, seeds: np.ndarray, horizon: int) -> np.ndarray:
    """Rewards [n, horizon] of one episode a seed, NaN after its end. Raises `UserError` in one line."""
    found = np.full((len(seeds), horizon), np.nan)
    for row, seed in zip(found, seeds, strict=True):
        try:
            _episode(world, policy, int(seed), row)
        except Exception as error:
            raise UserError(f"{world.name}: under the reference: {type(error).__name__}: {error}") from error
    return found


def _episode(world: Hosted, policy: Policy, seed: int, row: np.ndarray) -> None:
    """Write the rewards of an episode into `row` [horizon]."""
    obs, _ = world.env.reset(seed=seed)
    for t in range(len(row)):
        obs, reward, terminated, truncated, _ = world.env.step(policy(obs))
        world.steps, row[t] = world.steps + 1, float(reward)
        if terminated or truncated:
            return
