"""Fault: only an episode that random play almost never manages pays anything, and only at its end."""

from __future__ import annotations

import jax.numpy as jnp

from ppo_doctor.train import evaluate
from ppo_doctor.train.altered import Altered, Change, Moment, Outcome, alter, lasts, limit, paying
from ppo_doctor.train.env import AbstractEnv
from ppo_doctor.train.fault import Fault

EPISODES = 256


def paid(now: Moment, outcome: Outcome) -> Outcome:
    """The step with reward 1 if it ends an episode whose return reached the threshold `strength`, else 0."""
    step = outcome.step
    total = now.memory.owed + step.reward
    won = (step.terminated | step.truncated) & (total >= now.strength)
    return outcome._replace(step=paying(step, jnp.where(won, 1.0, 0.0)), owed=total)


def threshold(env: AbstractEnv, strength: float) -> Altered:
    """The environment that pays for returns `strength` standard deviations above the mean of random play."""
    seeds = evaluate.seed_block("train", EPISODES)
    returns = evaluate.run_episodes(env, evaluate.random_policy(env), seeds, limit(env)).returns
    return alter(Change(after=paid))(env, float(returns.mean() + strength * returns.std()))


FAULT = Fault(
    cause="reward-sparse",
    kind="env",
    what="1 at the end of episodes `strength` standard deviations better than random play, and nothing else",
    strengths=(4.0, 3.0),
    suits=lasts,
    env=threshold,
)
