"""Harmless: the features of the observation come in another order."""

from __future__ import annotations

from ppo_doctor.train.altered import Change, Moment, alter, flat, looking
from ppo_doctor.train.env import View
from ppo_doctor.train.fault import Fault


def shown(now: Moment, view: View) -> View:
    """`view` with its features in reverse order."""
    del now
    return looking(view, lambda x: x[..., ::-1])


FAULT = Fault(
    cause="",
    kind="env",
    what="the features are in reverse order",
    strengths=(1.0,),
    suits=flat,
    env=alter(Change(see=shown)),
)
