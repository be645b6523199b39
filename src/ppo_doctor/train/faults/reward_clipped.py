"""Fault: the reward is clipped so tightly that good and bad pay the same."""

from __future__ import annotations

import jax.numpy as jnp

from ppo_doctor.train.altered import Change, Moment, Outcome, alter, one_agent, paying
from ppo_doctor.train.fault import Fault


def paid(now: Moment, outcome: Outcome) -> Outcome:
    """The step with a clipped reward."""
    return outcome._replace(step=paying(outcome.step, jnp.clip(outcome.step.reward, -now.strength, now.strength)))


FAULT = Fault(
    cause="reward-clipped",
    kind="env",
    what="the reward is clipped to `strength` on either side of 0",
    strengths=(0.01,),
    suits=one_agent,
    env=alter(Change(after=paid)),
)
