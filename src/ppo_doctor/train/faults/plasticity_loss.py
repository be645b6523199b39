"""Fault: the networks lose their capacity to learn while training goes on.

Sokar et al. 2023: over long training on moving targets more and more units fall silent. Here the process is sped up:
each update pushes the hidden biases of a growing share of the units towards the flat part of the activation, until
nothing that enters them comes out again.
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
from ppo_doctor.train.learner import Learner, Parts

SILENT = -30.0  # bias at which a unit is flat whatever the input


def _silenced(weight: Array, bias: Array, progress: Array) -> tuple[Array, Array]:
    """Units whose turn has come take no input and give nothing that varies."""
    dead = jnp.arange(bias.shape[0]) < progress * bias.shape[0]
    return jnp.where(dead, 0.0, weight), jnp.where(dead, SILENT, bias)


def parts(parts: Parts, strength: float) -> Parts:
    """After `1 / strength` of the run all units of the first layers are silent."""

    def resume(config: Config, learner: Learner) -> Learner:
        learner = parts.resume(config, learner)
        progress = strength * learner.controls.update / config.n_updates
        towers: Any = (learner.model.actor, learner.model.critic)
        first = [tower.layers[0] for tower in towers]
        pairs = [_silenced(layer.weight, layer.bias, progress) for layer in first]
        flat = jax.tree.leaves(pairs)
        model = eqx.tree_at(
            lambda m: [x for t in (m.actor, m.critic) for x in (t.layers[0].weight, t.layers[0].bias)],
            learner.model,
            flat,
        )
        return learner._replace(model=model)

    return replace(parts, resume=resume)


def config(config: Config, strength: float) -> Config:
    """Units that can fall silent: rectifiers."""
    del strength
    return replace(config, network=replace(config.network, activation="relu"))


def _suits(env: AbstractEnv, config: Config) -> bool:
    del env
    return config.network.kind == "mlp" and bool(config.network.actor and config.network.critic)


FAULT = Fault(
    "plasticity-loss",
    "config",
    "units fall silent while training goes on",
    (3.0, 1.5),
    suits=_suits,
    config=config,
    parts=parts,
)
