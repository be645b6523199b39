"""Fault: only an episode that random play almost never manages pays anything, and only at its end.

Somebody must be able to manage it, else the reward is constant: where the threshold lies beyond what the system's
reference policy does in three episodes of four, it is lowered to that. Where random play manages that too, now and
then, because episodes differ more than policies do, the fault cannot be expressed.
"""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from ppo_doctor.train import baselines, evaluate
from ppo_doctor.train.altered import Altered, Change, Moment, Outcome, alter, lasts, limit, name, paying
from ppo_doctor.train.config import Config
from ppo_doctor.train.env import AbstractEnv
from ppo_doctor.train.fault import Fault

EPISODES = 256
STRENGTHS = (4.0, 3.0)
CHANCE = 0.03
"""Most episodes of random play that may be paid."""


def paid(now: Moment, outcome: Outcome) -> Outcome:
    """The step with reward 1 if it ends an episode whose return reached the threshold `strength`, else 0."""
    step = outcome.step
    total = now.memory.owed + step.reward
    won = (step.terminated | step.truncated) & (total >= now.strength)
    return outcome._replace(step=paying(step, jnp.where(won, 1.0, 0.0)), owed=total)


def returns(env: AbstractEnv) -> dict[str, np.ndarray]:
    """Returns of random play, and of the system's reference policy if it has one."""
    policies = {"random": evaluate.random_policy(env), "reference": baselines.reference(name(env), env)}
    known = {key: policy for key, policy in policies.items() if policy is not None}
    scores = evaluate.run_each(env, known, evaluate.seed_block("train", EPISODES), limit(env))
    return {key: np.asarray(score.returns) for key, score in scores.items()}


def threshold(found: dict[str, np.ndarray], strength: float) -> float:
    """The return from which an episode is paid."""
    least = float(found["random"].mean() + strength * found["random"].std())
    return min(least, float(np.quantile(found["reference"], 0.25))) if "reference" in found else least


def rewarded(env: AbstractEnv, strength: float) -> Altered:
    """The environment that pays for returns from the threshold on."""
    return alter(Change(after=paid))(env, threshold(returns(env), strength))


def suits(env: AbstractEnv, config: Config) -> bool:
    """Episodes of several steps, and random play hardly ever does what the reference does."""
    if not lasts(env, config):
        return False
    found = returns(env)
    return bool((found["random"] >= threshold(found, min(STRENGTHS))).mean() <= CHANCE)


FAULT = Fault(
    cause="reward-sparse",
    kind="env",
    what="1 at the end of episodes `strength` sd above random play (or as good as the reference), and nothing else",
    strengths=STRENGTHS,
    suits=suits,
    env=rewarded,
)
