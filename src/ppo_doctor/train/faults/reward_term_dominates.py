"""Fault: one term of the reward outweighs the others, so that the task is not what is learned."""

from __future__ import annotations

from jaxtyping import Array

from ppo_doctor.train.altered import Change, Moment, Outcome, alter, one_agent, step_shape
from ppo_doctor.train.config import Config
from ppo_doctor.train.env import AbstractEnv
from ppo_doctor.train.fault import Fault


def heavy(now: Moment, outcome: Outcome) -> Outcome:
    """The step with its last reward term times `strength`."""
    step = outcome.step
    last: str = list(step.reward_terms)[-1]
    heavier: Array = step.reward_terms[last] * now.strength
    reward = step.reward - step.reward_terms[last] + heavier
    return outcome._replace(step=step._replace(reward=reward, reward_terms={**step.reward_terms, last: heavier}))


def suits(env: AbstractEnv, config: Config) -> bool:
    """Rewards of several terms."""
    return one_agent(env, config) and len(step_shape(env).reward_terms) > 1


FAULT = Fault(
    cause="reward-term-dominates",
    kind="env",
    what="the last term of the reward counts `strength` times",
    strengths=(3e4,),
    suits=suits,
    env=alter(Change(after=heavy)),
)
