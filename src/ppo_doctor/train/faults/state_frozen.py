"""Fault: a step computes its reward and throws the new state away: nothing the agent does changes anything."""

from __future__ import annotations

from ppo_doctor.train.altered import Change, Moment, Outcome, alter, lasts
from ppo_doctor.train.fault import Fault


def frozen(now: Moment, outcome: Outcome) -> Outcome:
    """The state and the view before the step."""
    return outcome._replace(state=outcome.before, step=outcome.step._replace(view=now.memory.last))


FAULT = Fault(
    cause="state-frozen",
    kind="env",
    what="the state after a step is the state before it",
    strengths=(1.0,),
    suits=lasts,
    env=alter(Change(after=frozen)),
)
