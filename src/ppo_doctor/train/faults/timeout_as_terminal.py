"""Fault: a time limit is reported as the end of the task, so that the value of what would follow is cut to zero.

Pardo et al. 2018 (https://arxiv.org/abs/1712.00378): it biases the values of all states that may be cut.
"""

from __future__ import annotations

import jax.numpy as jnp

from ppo_doctor.train.altered import Change, Moment, Outcome, alter, is_cut
from ppo_doctor.train.fault import Fault


def as_end(now: Moment, outcome: Outcome) -> Outcome:
    """The step with truncation reported as termination."""
    del now
    step = outcome.step
    over = step.terminated | step.truncated
    return outcome._replace(step=step._replace(terminated=over, truncated=jnp.zeros_like(over)))


FAULT = Fault(
    cause="timeout-as-terminal",
    kind="env",
    what="an episode cut by its time limit is reported as terminated",
    strengths=(1.0,),
    suits=is_cut,
    env=alter(Change(after=as_end)),
)
