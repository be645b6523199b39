"""Harmless: a little noise on the observation, a thousandth of a unit."""

from __future__ import annotations

import jax

from ppo_doctor.train.altered import Change, Moment, alter, looking, one_agent
from ppo_doctor.train.env import View
from ppo_doctor.train.fault import Fault


def shown(now: Moment, view: View) -> View:
    """`view` with a little noise added."""
    return looking(view, lambda x: x + now.strength * jax.random.normal(now.key, x.shape))


FAULT = Fault(
    cause="",
    kind="env",
    what="normal noise of standard deviation `strength` is added to every feature",
    strengths=(1e-3,),
    suits=one_agent,
    env=alter(Change(see=shown)),
)
