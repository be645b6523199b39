"""Fault: the state that follows is not the one the action led to, but an unrelated first state.

Environments replayed from tables do it: each row is drawn independently, so that a decision has no consequences.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp

from ppo_doctor.train.altered import Change, Moment, Outcome, alter, lasts
from ppo_doctor.train.fault import Fault

LENGTH = 64
"""Steps after which an episode is cut: fresh states know of no time limit."""


def unrelated(now: Moment, outcome: Outcome) -> Outcome:
    """A first state in place of the next one, with probability `strength`; reward and ends stay."""
    jump = jax.random.bernoulli(jax.random.fold_in(now.key, 0), now.strength)
    fresh = now.env.reset(now.env.draw(jax.random.fold_in(now.key, 1)))
    state, view = jax.tree.map(lambda a, b: jnp.where(jump, a, b), fresh, (outcome.state, outcome.step.view))
    over = now.memory.time >= LENGTH - 1
    step = outcome.step._replace(view=view, truncated=(outcome.step.truncated | over) & ~outcome.step.terminated)
    return outcome._replace(state=state, step=step)


FAULT = Fault(
    cause="transitions-not-causal",
    kind="env",
    what="with the probability `strength` the next state is drawn anew, whatever was done",
    strengths=(1.0,),
    suits=lasts,
    env=alter(Change(after=unrelated)),
)
