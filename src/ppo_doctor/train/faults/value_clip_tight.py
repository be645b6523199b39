"""Fault: the value clip is far smaller than the returns, so the critic moves by a sliver an update.

ray pull request 2921 and Stable-Baselines 2 issue 216: a clip of 0.2 to 10 with returns in the thousands. Once outside
the clip the gradient is zero. Here the clip is in units of the returns' spread.
"""

from __future__ import annotations

from dataclasses import replace

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault


def config(config: Config, strength: float) -> Config:
    """A value clip of `strength` standard deviations of the targets."""
    return replace(config, clip_range_vf=strength)


FAULT = Fault(
    "critic-starved", "config", "the value clip is far smaller than the returns", (0.001, 0.01), config=config
)
