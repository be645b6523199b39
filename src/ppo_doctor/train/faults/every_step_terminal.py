"""Fault: every step says that the task has ended, as when `done` is read from the wrong place of a tuple."""

from __future__ import annotations

import jax.numpy as jnp

from ppo_doctor.train.altered import Change, Moment, Outcome, alter, lasts
from ppo_doctor.train.fault import Fault


def ended(now: Moment, outcome: Outcome) -> Outcome:
    """The step as a terminal one."""
    del now
    step = outcome.step
    over = jnp.ones_like(step.terminated)
    return outcome._replace(step=step._replace(terminated=over, truncated=jnp.zeros_like(over)))


FAULT = Fault(
    cause="every-step-terminal",
    kind="env",
    what="every step is terminal",
    strengths=(1.0,),
    suits=lasts,
    env=alter(Change(after=ended)),
)
