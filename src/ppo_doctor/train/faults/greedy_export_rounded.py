"""Fault: the greedy policy that is evaluated is another function than the one that was trained.

The deterministic policy is exported at low precision: logits that differ by less than a rounding step are equal, and
the first action wins. The sampled policy, evaluated from the full weights, is fine.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import equinox as eqx
import jax.numpy as jnp

from ppo_doctor.train.evaluate import Agent
from ppo_doctor.train.fault import Fault
from ppo_doctor.train.learner import Parts


class Rounded(eqx.Module):
    """An actor whose outputs are rounded to multiples of `unit`."""

    actor: Any
    unit: float = eqx.field(static=True)

    def __call__(self, obs: Any):
        """Rounded outputs."""
        return self.unit * jnp.round(self.actor(obs) / self.unit)


def parts(parts: Parts, strength: float) -> Parts:
    """Outputs of the greedy agent's actor are rounded to multiples of `strength`."""

    def evaluated(agent: Agent) -> Agent:
        agent = parts.evaluated(agent)
        if not agent.greedy:
            return agent
        rounded = Rounded(agent.model.actor, strength)
        return agent._replace(model=eqx.tree_at(lambda m: m.actor, agent.model, rounded))

    return replace(parts, evaluated=evaluated)


FAULT = Fault(
    "greedy-differs-from-sampled",
    "evaluation",
    "the greedy policy is evaluated from a rounded export",
    (8.0, 2.0),
    parts=parts,
)
