"""Fault: the episode is cut so soon that all policies get the same: there is nothing to learn."""

from __future__ import annotations

from ppo_doctor.train.altered import Change, Moment, Outcome, alter, name
from ppo_doctor.train.config import Config
from ppo_doctor.train.env import AbstractEnv
from ppo_doctor.train.fault import Fault


def short(now: Moment, outcome: Outcome) -> Outcome:
    """The step, cut if it is the `strength`-th."""
    step = outcome.step
    over = (now.memory.time + 1 >= now.strength) & ~step.terminated
    return outcome._replace(step=step._replace(truncated=step.truncated | over))


def suits(env: AbstractEnv, config: Config) -> bool:
    """CartPole: its pole cannot fall within 5 steps, and each pays 1."""
    del config
    return name(env) == "cartpole"


FAULT = Fault(
    cause="no-headroom",
    kind="env",
    what="an episode is cut after `strength` steps",
    strengths=(5.0,),
    suits=suits,
    env=alter(Change(after=short)),
)
