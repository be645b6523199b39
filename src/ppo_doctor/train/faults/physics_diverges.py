"""Fault: the simulation is unstable: what is seen and paid grows by a factor each step of an episode."""

from __future__ import annotations

import jax.numpy as jnp

from ppo_doctor.train.altered import Change, Moment, Outcome, alter, lasts, looking, paying
from ppo_doctor.train.fault import Fault

LARGEST = 1e5


def grown(now: Moment, outcome: Outcome) -> Outcome:
    """The step with observation and reward times (1 + strength)^step, up to `LARGEST`."""
    factor = jnp.minimum((1.0 + now.strength) ** (now.memory.time + 1.0), LARGEST)
    step = paying(outcome.step, outcome.step.reward * factor)
    return outcome._replace(step=step._replace(view=looking(step.view, lambda x: x * factor)))


FAULT = Fault(
    cause="physics-diverges",
    kind="env",
    what="observation and reward are multiplied by 1 + `strength` once more every step of an episode",
    strengths=(0.5, 0.2),
    suits=lasts,
    env=alter(Change(after=grown)),
)
