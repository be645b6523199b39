"""Fault: the reward changes its meaning while the run goes on: its weight moves from 1 to `strength`."""

from __future__ import annotations

import dataclasses

from ppo_doctor.train.altered import Change, Moment, Outcome, alter, one_agent, paying
from ppo_doctor.train.config import Config, Curriculum, Schedule
from ppo_doctor.train.fault import Fault


def moving(config: Config, strength: float) -> Config:
    """`config` with the factor of the reward as its curriculum."""
    return dataclasses.replace(config, curriculum=Curriculum("strength", Schedule(1.0, strength, "linear")))


def paid(now: Moment, outcome: Outcome) -> Outcome:
    """The step with the reward times the factor in force."""
    return outcome._replace(step=paying(outcome.step, outcome.step.reward * now.strength))


FAULT = Fault(
    cause="reward-nonstationary",
    kind="env",
    what="the factor of the reward moves from 1 to `strength` over the run",
    strengths=(-1.0,),
    suits=one_agent,
    env=alter(Change(after=paid)),
    config=moving,
)
