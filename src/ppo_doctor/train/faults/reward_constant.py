"""Fault: the reward is the same on every step.

A term that was left out, a clip that catches everything, or a bonus for being alive in a task that never ends early:
every return is equal, advantages are zero but for the critic's error, and the policy has nothing to follow.
"""

from __future__ import annotations

from ppo_doctor.train.altered import Change, Moment, Outcome, alter, one_agent, paying
from ppo_doctor.train.fault import Fault


def paid(now: Moment, outcome: Outcome) -> Outcome:
    """The step with a constant reward."""
    return outcome._replace(step=paying(outcome.step, now.strength + 0.0 * outcome.step.reward))


FAULT = Fault(
    cause="reward-constant",
    kind="env",
    what="the reward is `strength` on every step",
    strengths=(0.0,),
    suits=one_agent,
    env=alter(Change(after=paid)),
)
