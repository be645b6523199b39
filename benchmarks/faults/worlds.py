"""The environments of the fault benchmark, each with a short training that works, and the part it belongs to.

The calibration is fitted on the worlds and seeds of the `train` part; the figures are of the `test` part, which shares
neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from ppo_doctor.train import envs
from ppo_doctor.train.config import Config, Network, Schedule, constant
from ppo_doctor.train.env import AbstractEnv

SEEDS = {"train": 0, "test": 100}
"""First seed of each part."""


@dataclass(frozen=True)
class World:
    """One environment and how it is trained: alike in all cases but for the fault."""

    name: str
    system: str
    part: Literal["train", "test"]
    config: Config
    n_seeds: int
    eval_every: int
    """Updates between evaluations."""
    episodes: int
    """Episodes of an evaluation: two blocks."""
    params: Mapping[str, Any] = field(default_factory=dict)
    holds: tuple[str, ...] = ()
    """Causes that are true of the healthy environment by construction, the best verdict on a healthy run first: who
    names another of them accuses nobody falsely. Where no policy is better than any other, `no-headroom` is one."""

    @property
    def seeds(self) -> range:
        """Seeds of its trainings."""
        return range(SEEDS[self.part], SEEDS[self.part] + self.n_seeds)

    def make(self, split: str = "train") -> AbstractEnv:
        """The healthy environment."""
        return envs.make(self.system, split=split, **self.params)


def _probe(system: str, part: Any, *holds: str) -> World:
    config = replace(envs.module(system).CONFIGS["default"], probe_every=2)
    return World(system, system, part, config, 6, 4, 32, holds=holds)


_CARTPOLE = Config(
    total_steps=32_768,
    n_envs=8,
    n_steps=64,
    batch_size=128,
    n_epochs=4,
    learning_rate=Schedule(1e-3, 0.0, "linear"),
    clip_coef=Schedule(0.2, 0.0, "linear"),
    ent_coef=constant(0.0),
    gamma=0.98,
    probe_every=4,
    network=Network(actor=(32, 32), critic=(32, 32)),
)
_PENDULUM = Config(
    total_steps=65_536,
    n_envs=16,
    n_steps=64,
    batch_size=256,
    n_epochs=6,
    learning_rate=Schedule(2e-3, 0.0, "linear"),
    ent_coef=constant(0.0),
    gamma=0.95,
    normalize_obs=True,
    normalize_targets=True,
    probe_every=4,
    network=Network(actor=(32, 32), critic=(32, 32)),
)
_ACROBOT = replace(_PENDULUM, gamma=0.98)
_JOBS = Config(
    total_steps=32_768,
    n_envs=16,
    n_steps=64,
    batch_size=256,
    n_epochs=4,
    learning_rate=Schedule(3e-3, 1e-5, "linear"),
    ent_coef=constant(0.0),
    gamma=1.0,
    gae_lambda=0.97,
    normalize_targets=True,
    probe_every=4,
    network=Network(kind="scorer", actor=(16, 8), critic=(32, 32), activation="relu"),
)

WORLDS = {
    world.name: world
    for world in (
        _probe("probe_mask", "train"),
        _probe("probe_continuous", "train"),
        World("cartpole", "cartpole", "train", _CARTPOLE, 4, 8, 16, {"max_steps": 200}),
        World(
            "batch_jobs", "batch_jobs", "train", _JOBS, 4, 4, 16,
            {"reward": "slowdown", "n_jobs": 32, "window": 12, "slots": 32},
        ),
        World("point_mass", "point_mass", "train", envs.module("point_mass").CONFIGS["default"], 4, 8, 16),
        World(
            "four_rooms", "four_rooms", "train", envs.module("four_rooms").CONFIGS["default"], 4, 4, 16,
            {"max_steps": 75},  # so that random play gets there less than once in a hundred episodes
        ),
        _probe("probe_discount", "train", "no-headroom"),
        _probe("probe_state_action", "test"),
        World("pendulum", "pendulum", "test", _PENDULUM, 4, 8, 16),
        World("acrobot", "acrobot", "test", _ACROBOT, 4, 8, 16),
        World("frozen_lake", "frozen_lake", "test", envs.module("frozen_lake").CONFIGS["default"], 4, 16, 64),
        _probe("probe_truncation", "test", "no-headroom", "state-frozen"),
    )
}  # fmt: skip
"""Every world by name."""
