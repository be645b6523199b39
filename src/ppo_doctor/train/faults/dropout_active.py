"""Fault: dropout is active while collecting and while learning, with other masks in each.

The network was never put into evaluation mode. The policy that acted is not the policy whose ratio is computed: the
ratio is not one before the first step, KL is large from the start and does not fall with the learning rate.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array

from ppo_doctor.train.config import Config
from ppo_doctor.train.env import AbstractEnv
from ppo_doctor.train.fault import Fault
from ppo_doctor.train.learner import Parts


class Dropping(eqx.Module):
    """A tower whose hidden units are silenced at random, each row on its own."""

    tower: Any
    key: Array
    rate: float = eqx.field(static=True)

    def __call__(self, x: Array) -> Array:
        """The output with a share `rate` of the last hidden units at zero, the others scaled up."""
        hidden = self.tower.hidden(x)
        kept = jax.random.bernoulli(self.key, 1.0 - self.rate, hidden.shape)
        return self.tower.last(jnp.where(kept, hidden / (1.0 - self.rate), 0.0))


def _dropping(model: Any, data: Array, rate: float) -> Any:
    """The model with a mask that `data` chooses: other data, another mask."""
    key = jax.random.key(jax.lax.bitcast_convert_type(jnp.sum(data, dtype=jnp.float32), jnp.uint32))
    return eqx.tree_at(lambda m: m.actor, model, Dropping(model.actor, key, rate))


def parts(parts: Parts, strength: float) -> Parts:
    """Drops a share `strength` of the actor's last hidden units."""

    def act(config: Config, space: Any, model: Any, norms: Any, view: Any, noise: Any, temperature: Any):
        wet = _dropping(model, noise, strength)
        return parts.act(config, space, wet, norms, view, noise, temperature)

    def policy(config: Config, space: Any, model: Any, norms: Any, batch: Any, knobs: Any):
        wet = _dropping(model, jax.lax.stop_gradient(model.actor.last.weight.sum()) + batch.value, strength)
        return parts.policy(config, space, wet, norms, batch, knobs)

    return replace(parts, act=act, policy=policy)


def _suits(env: AbstractEnv, config: Config) -> bool:
    del env
    return config.network.kind == "mlp"


FAULT = Fault(
    "dropout-active",
    "learner",
    "dropout is active while collecting and while learning",
    (0.5, 0.2),
    suits=_suits,
    parts=parts,
)
