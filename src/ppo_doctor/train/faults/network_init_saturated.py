"""Fault: the networks start saturated.

Initial weights far too large (a gain meant for another activation, unscaled inputs folded into the weights): hidden
units sit in the flat of the tanh and have no gradient, and the policy is nearly deterministic before the first
rollout. Entropy is low from the start, and most gradients are tiny.
"""

from __future__ import annotations

from dataclasses import replace

import equinox as eqx
import jax
import jax.numpy as jnp

from ppo_doctor.train.config import Config
from ppo_doctor.train.fault import Fault
from ppo_doctor.train.learner import Learner, Parts


def parts(parts: Parts, strength: float) -> Parts:
    """All weights of the actor and the critic are multiplied by `strength` before the first update."""

    def resume(config: Config, learner: Learner) -> Learner:
        learner = parts.resume(config, learner)
        gain = jnp.where(learner.controls.update == 0, strength, 1.0)
        scaled = jax.tree.map(lambda x: x * gain, (learner.model.actor, learner.model.critic))
        return learner._replace(model=eqx.tree_at(lambda m: (m.actor, m.critic), learner.model, scaled))

    return replace(parts, resume=resume)


FAULT = Fault("network-init-saturated", "config", "the networks start saturated", (30.0, 10.0), parts=parts)
