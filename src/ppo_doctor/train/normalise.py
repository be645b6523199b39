"""Running moments (Chan et al. 1979) and what they standardise: observations, rewards, value targets (PopArt)."""

from __future__ import annotations

from typing import NamedTuple

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from ppo_doctor.train.policy import ActorCritic

CLIP = 10.0


class Moments(NamedTuple):
    """Rows so far, mean and variance per feature; starts as mean 0, variance 1 with a vanishing weight."""

    weight: Float[Array, ""]
    mean: Float[Array, " d"]
    var: Float[Array, " d"]


def start(width: int) -> Moments:
    """No data yet."""
    return Moments(jnp.full((), 1e-4), jnp.zeros(width), jnp.ones(width))


def merge(old: Moments, x: Float[Array, "n d"], horizon: float = jnp.inf) -> Moments:
    """Moments of the old data and `x` together; `horizon` [rows] caps the old weight, so that old data fade."""
    n, kept = float(x.shape[0]), jnp.minimum(old.weight, horizon)
    total, delta = kept + n, jnp.mean(x, axis=0) - old.mean
    mean = old.mean + delta * n / total
    var = (kept * old.var + n * jnp.var(x, axis=0) + delta**2 * kept * n / total) / total
    return Moments(total, mean, var)


def standardise(moments: Moments, x: Float[Array, "*batch d"]) -> Float[Array, "*batch d"]:
    """(x - mean) / std, clipped to +-10 (Schulman's practice)."""
    return jnp.clip((x - moments.mean) / jnp.sqrt(moments.var + 1e-8), -CLIP, CLIP)


def scale(moments: Moments) -> Float[Array, ""]:
    """Standard deviation of a single quantity, never 0."""
    return jnp.sqrt(moments.var[0] + 1e-8)


def rescale_critic(model: ActorCritic, old: Moments, new: Moments) -> ActorCritic:
    """Move the critic's last layer so that its un-standardised output stays exactly what it was (PopArt, eq. 9)."""
    sigma, sigma_new = scale(old), scale(new)
    weight, bias = model.critic.last.weight, model.critic.last.bias
    moved = (weight * sigma / sigma_new, (sigma * bias + old.mean[0] - new.mean[0]) / sigma_new)
    return eqx.tree_at(lambda m: (m.critic.last.weight, m.critic.last.bias), model, moved)
