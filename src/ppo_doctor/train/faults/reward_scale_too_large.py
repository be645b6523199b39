"""Fault: rewards are in a unit so small that returns are huge, and the critic cannot reach them."""

from __future__ import annotations

from ppo_doctor.train.altered import Change, Moment, Outcome, alter, one_agent, paying
from ppo_doctor.train.fault import Fault


def paid(now: Moment, outcome: Outcome) -> Outcome:
    """The step with the reward times `strength`."""
    return outcome._replace(step=paying(outcome.step, outcome.step.reward * now.strength))


FAULT = Fault(
    cause="reward-scale-too-large",
    kind="env",
    what="the reward is multiplied by `strength`",
    strengths=(1e4, 1e3),
    suits=one_agent,
    env=alter(Change(after=paid)),
)
