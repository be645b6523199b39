"""Fault: the budget is too short; the run ends while it still improves."""

from __future__ import annotations

import dataclasses

from ppo_doctor.train.config import Config
from ppo_doctor.train.env import AbstractEnv
from ppo_doctor.train.fault import Fault


def shortened(config: Config, strength: float) -> Config:
    """`config` with the share `strength` of its budget."""
    return dataclasses.replace(config, total_steps=max(config.rollout_rows, int(config.total_steps * strength)))


def suits(env: AbstractEnv, config: Config) -> bool:
    """Runs of many updates: a share of them is still a run."""
    del env
    return config.n_updates >= 40


FAULT = Fault(
    cause="still-improving",
    kind="config",
    what="the run gets the share `strength` of the steps it needs",
    strengths=(0.25,),
    suits=suits,
    config=shortened,
)
