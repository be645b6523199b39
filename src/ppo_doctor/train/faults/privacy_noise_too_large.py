"""Fault: so much privacy noise is added to the observation that little else is left."""

from __future__ import annotations

import jax

from ppo_doctor.train.altered import Change, Moment, alter, looking, one_agent
from ppo_doctor.train.env import View
from ppo_doctor.train.fault import Fault


def shown(now: Moment, view: View) -> View:
    """`view` with Laplace noise added."""
    return looking(view, lambda x: x + now.strength * jax.random.laplace(now.key, x.shape))


FAULT = Fault(
    cause="privacy-noise-too-large",
    kind="env",
    what="Laplace noise of scale `strength` is added to every feature",
    strengths=(10.0, 3.0),
    suits=one_agent,
    env=alter(Change(see=shown)),
)
