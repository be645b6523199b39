"""Fault: the observation is noise that says nothing of the state."""

from __future__ import annotations

import jax

from ppo_doctor.train.altered import Change, Moment, alter, looking, one_agent
from ppo_doctor.train.env import View
from ppo_doctor.train.fault import Fault


def shown(now: Moment, view: View) -> View:
    """`view` with noise for an observation."""
    return looking(view, lambda x: now.strength * jax.random.normal(now.key, x.shape))


FAULT = Fault(
    cause="observation-uninformative",
    kind="env",
    what="the observation is normal noise of standard deviation `strength`",
    strengths=(1.0,),
    suits=one_agent,
    env=alter(Change(see=shown)),
)
