"""Fault: the mask is shifted by one action, as when an index counts the no-op and the mask does not."""

from __future__ import annotations

import jax.numpy as jnp

from ppo_doctor.train.altered import Change, Moment, alter, masked
from ppo_doctor.train.env import View
from ppo_doctor.train.fault import Fault


def shifted(now: Moment, view: View) -> View:
    """`view` with its mask rolled by one action."""
    del now
    return view._replace(mask=jnp.roll(view.mask, 1))


FAULT = Fault(
    cause="mask-mismatch",
    kind="env",
    what="entry k of the mask speaks of action k - 1",
    strengths=(1.0,),
    suits=masked,
    env=alter(Change(see=shifted)),
)
