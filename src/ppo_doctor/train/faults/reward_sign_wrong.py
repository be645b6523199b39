"""Fault: the reward has the wrong sign, as a cost that is added where it should be taken off."""

from __future__ import annotations

from ppo_doctor.train.altered import Change, Moment, Outcome, alter, one_agent, paying
from ppo_doctor.train.fault import Fault


def paid(now: Moment, outcome: Outcome) -> Outcome:
    """The step with minus its reward."""
    return outcome._replace(step=paying(outcome.step, -now.strength * outcome.step.reward))


FAULT = Fault(
    cause="reward-sign-wrong",
    kind="env",
    what="the reward is multiplied by minus `strength`",
    strengths=(1.0,),
    suits=one_agent,
    env=alter(Change(after=paid)),
)
