"""Fault: the environment starts anew by itself and tells nobody: returns flow across episodes.

A vector environment that resets itself does it where its `done` is overwritten or dropped.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp

from ppo_doctor.train.altered import Change, Moment, Outcome, alter, lasts
from ppo_doctor.train.fault import Fault


def silent(now: Moment, outcome: Outcome) -> Outcome:
    """A first state instead of an end, and no flag."""
    step = outcome.step
    done = step.terminated | step.truncated
    fresh = now.env.reset(now.env.draw(now.key))
    state, view = jax.tree.map(lambda a, b: jnp.where(done, a, b), fresh, (outcome.state, step.view))
    no = jnp.zeros_like(done)
    return outcome._replace(state=state, step=step._replace(view=view, terminated=no, truncated=no))


FAULT = Fault(
    cause="done-flag-lost",
    kind="env",
    what="at an end the environment resets itself and reports neither termination nor truncation",
    strengths=(1.0,),
    suits=lasts,
    env=alter(Change(after=silent)),
)
