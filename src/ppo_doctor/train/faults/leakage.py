"""Fault: evaluation plays the instances that are trained on.

One data set for both: what is measured is memory. Only environments whose splits hold different data can leak; where
splits differ in their seeds alone, training draws fresh instances for ever.
"""

from __future__ import annotations

from typing import Any

from ppo_doctor.train.config import Config
from ppo_doctor.train.env import AbstractEnv
from ppo_doctor.train.envs.batch_jobs import BatchJobs
from ppo_doctor.train.fault import Fault


def validation(train: AbstractEnv, held_out: AbstractEnv, strength: float) -> AbstractEnv:
    """The training environment takes the place of the held-out one."""
    del held_out, strength
    return train


def _suits(env: Any, config: Config) -> bool:
    del config
    return isinstance(env, BatchJobs)


FAULT = Fault("leakage", "evaluation", "evaluation plays the training data", suits=_suits, validation=validation)
