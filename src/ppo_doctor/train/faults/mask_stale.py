"""Fault: the mask shown is that of the step before: what is legal now may be masked, and what is not, offered."""

from __future__ import annotations

from ppo_doctor.train.altered import Change, Moment, alter, lasts, masked
from ppo_doctor.train.env import View
from ppo_doctor.train.fault import Fault


def stale(now: Moment, view: View) -> View:
    """`view` with the mask of the view before it."""
    return view._replace(mask=now.memory.last.mask)


FAULT = Fault(
    cause="mask-mismatch",
    kind="env",
    what="the mask is one step old",
    strengths=(1.0,),
    suits=lambda env, config: lasts(env, config) and masked(env, config),
    env=alter(Change(see=stale)),
)
