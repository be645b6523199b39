"""Fault: actions are sampled at a temperature, but log-probabilities are those of temperature one.

The sampler divides the logits by a temperature above (or below) one; buffer and update know nothing of it. The ratio
on the first minibatch is exactly one, so no ratio test sees it: rollout and update agree with each other, and both
disagree with how actions were drawn. Seen in a load balancer that sampled at 1.1 to 3.6 and re-evaluated at 1.0. The
gradient is biased towards what the sampler over-represents; an exploring run never becomes greedy.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jax.numpy as jnp

from ppo_doctor.train import distribution, rollout
from ppo_doctor.train.config import Config, constant
from ppo_doctor.train.fault import Fault
from ppo_doctor.train.learner import Parts


def config(config: Config, strength: float) -> Config:
    """Samples at temperature `strength`."""
    return replace(config, temperature=constant(strength))


def parts(parts: Parts, strength: float) -> Parts:
    """Log-probabilities at temperature one, in the rollout and in the update."""
    del strength

    def act(config: Config, space: Any, model: Any, norms: Any, view: Any, noise: Any, temperature: Any):
        action, executed, _ = parts.act(config, space, model, norms, view, noise, temperature)
        heads = model.act(rollout.see(config, norms, view.obs))
        return action, executed, distribution.evaluate(space, heads, view.mask, action, jnp.ones(()))[0]

    def policy(config: Config, space: Any, model: Any, norms: Any, batch: Any, knobs: Any):
        return parts.policy(config, space, model, norms, batch, knobs._replace(temperature=jnp.ones(())))

    return replace(parts, act=act, policy=policy)


FAULT = Fault(
    "logprob-mismatch",
    "learner",
    "the sampling temperature is not in the log-probability",
    (3.0, 1.5),
    config=config,
    parts=parts,
)
