"""The clipped surrogate (Schulman et al. 2017, eq. 9) on one minibatch, and what it saw."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Bool, Float, PyTree

from ppo_doctor.train import distribution, normalise, rollout
from ppo_doctor.train.config import Config
from ppo_doctor.train.env import Space
from ppo_doctor.train.policy import ActorCritic
from ppo_doctor.train.rollout import Norms


class Batch(NamedTuple):
    """Rows [n] of a rollout with their targets. `entropy` is the behaviour policy's; `value` the old prediction."""

    obs: PyTree[Array]
    mask: Bool[Array, "n actions"]
    action: Array
    log_prob: Float[Array, " n"]
    value: Float[Array, " n"]
    advantage: Float[Array, " n"]
    target: Float[Array, " n"]
    entropy: Float[Array, " n"]


class Knobs(NamedTuple):
    """Scheduled and adaptive coefficients of this update."""

    learning_rate: Float[Array, ""]
    clip_coef: Float[Array, ""]
    ent_coef: Float[Array, ""]
    temperature: Float[Array, ""]
    kl_coef: Float[Array, ""]
    value_reach: Float[Array, ""] | float = float("inf")
    """How far the value clip lets a prediction move [target units]."""


ROW_STATS: tuple[str, ...] = ("pg_loss", "v_loss", "entropy", "kl_k1", "kl_k3")


def standardised(x: Float[Array, "*n"]) -> Float[Array, "*n"]:
    """Zero mean, unit variance (population)."""
    return (x - jnp.mean(x)) / (jnp.std(x) + 1e-8)


def policy_terms(
    config: Config, space: Space, model: ActorCritic, norms: Norms, batch: Batch, knobs: Knobs
) -> tuple[Float[Array, " n"], Float[Array, " n"], Float[Array, " n"], Float[Array, " n"]]:
    """(surrogate to minimise, raw entropy, entropy inside the bonus, log-ratio), each [n]."""
    heads = model.act(rollout.see(config, norms, batch.obs))
    log_prob, entropy = distribution.evaluate(space, heads, batch.mask, batch.action, knobs.temperature)
    log_ratio = log_prob - batch.log_prob
    ratio = jnp.exp(log_ratio)
    clipped = jnp.clip(ratio, 1.0 - knobs.clip_coef, 1.0 + knobs.clip_coef)
    surrogate = jnp.maximum(-batch.advantage * ratio, -batch.advantage * clipped)
    bonus = entropy
    if config.entropy_jump_clip is not None:
        bonus = batch.entropy + jnp.clip(entropy - batch.entropy, -config.entropy_jump_clip, config.entropy_jump_clip)
    return surrogate, entropy, bonus, log_ratio


def value_errors(
    config: Config, model: ActorCritic, norms: Norms, batch: Batch, knobs: Knobs
) -> tuple[Float[Array, " n"], Float[Array, " n"]]:
    """Half squared errors [n], (as trained on, unclipped); in standardised units under PopArt."""
    v = model.value(rollout.see(config, norms, batch.obs))
    target, old, reach = batch.target, batch.value, knobs.value_reach
    if config.normalize_targets:
        centre, spread = norms.target.mean[0], normalise.scale(norms.target)
        target, old, reach = (target - centre) / spread, (old - centre) / spread, reach / spread
    error = 0.5 * (v - target) ** 2
    if config.clip_range_vf is None:
        return error, error
    near = old + jnp.clip(v - old, -reach, reach)
    return jnp.maximum(error, 0.5 * (near - target) ** 2), error


class Terms(NamedTuple):
    """What the loss is made of."""

    policy: Callable[..., tuple[Array, Array, Array, Array]] = policy_terms
    value: Callable[..., tuple[Array, Array]] = value_errors
    standardise: Callable[[Array], Array] = standardised


TERMS = Terms()


def loss(
    model: ActorCritic, config: Config, space: Space, norms: Norms, batch: Batch, knobs: Knobs, terms: Terms = TERMS
) -> tuple[Float[Array, ""], tuple[Float[Array, " stats"], Float[Array, " rows"]]]:
    """(loss, (means of `ROW_STATS`, log-ratio by row, none if signals are off)).

    `batch.advantage` is already standardised if so configured. The row statistics are stacked before the mean: one
    reduction instead of five, because small kernels dominate small batches.
    """
    surrogate, entropy, bonus, log_ratio = terms.policy(config, space, model, norms, batch, knobs)
    trained, error = terms.value(config, model, norms, batch, knobs)
    k3 = jnp.expm1(log_ratio) - log_ratio
    total = jnp.mean(surrogate) + config.vf_coef * jnp.mean(trained) - knobs.ent_coef * jnp.mean(bonus)
    if config.target_kl is not None and config.target_kl_mode == "penalty":
        total = total + knobs.kl_coef * jnp.mean(k3)
    rows = jnp.stack([surrogate, error, entropy, -log_ratio, k3])
    stats = jax.lax.stop_gradient(jnp.mean(rows, axis=1))
    return total, (stats, jax.lax.stop_gradient(log_ratio) if config.signals else jnp.zeros(0))
