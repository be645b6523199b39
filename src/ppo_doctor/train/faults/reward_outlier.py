"""Fault: now and then a reward is absurdly large, as from a division by something near zero."""

from __future__ import annotations

import jax

from ppo_doctor.train.altered import Change, Moment, Outcome, alter, one_agent, paying
from ppo_doctor.train.fault import Fault

ODDS = 1 / 400


def paid(now: Moment, outcome: Outcome) -> Outcome:
    """The step with a rare spike in its reward."""
    key_if, key_sign = jax.random.split(now.key)
    rare = jax.random.bernoulli(key_if, ODDS)
    spike = rare * now.strength * jax.random.rademacher(key_sign, (), float)
    return outcome._replace(step=paying(outcome.step, outcome.step.reward + spike))


FAULT = Fault(
    cause="reward-outlier",
    kind="env",
    what="one reward in 400 is larger by `strength`, up or down",
    strengths=(1e3, 1e5),
    suits=one_agent,
    env=alter(Change(after=paid)),
)
