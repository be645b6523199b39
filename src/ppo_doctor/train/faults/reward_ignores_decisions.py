"""Fault: the reward is chance: nothing that is decided changes it."""

from __future__ import annotations

import jax

from ppo_doctor.train.altered import Change, Moment, Outcome, alter, one_agent, paying
from ppo_doctor.train.fault import Fault


def paid(now: Moment, outcome: Outcome) -> Outcome:
    """The step with noise for a reward."""
    return outcome._replace(step=paying(outcome.step, now.strength * jax.random.normal(now.key)))


FAULT = Fault(
    cause="reward-ignores-decisions",
    kind="env",
    what="the reward is normal noise of standard deviation `strength`",
    strengths=(1.0,),
    suits=one_agent,
    env=alter(Change(after=paid)),
)
