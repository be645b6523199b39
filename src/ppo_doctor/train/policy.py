"""Networks: actor and critic share no weights; plain per-layer parameter trees (fused blocks measured 2-25 % slower).

Orthogonal weights are drawn on the host with NumPy: a batched QR inside a compiled program once hung for good
(two pool workers waiting for each other). Networks take any number of leading batch axes, which a layer folds into one:
`vmap` over items would leave batched products whose gradients XLA runs 1.4 times slower on a CPU (measured).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, PyTree

from ppo_doctor.errors import UserError
from ppo_doctor.train import distribution
from ppo_doctor.train.config import Network
from ppo_doctor.train.distribution import Head
from ppo_doctor.train.env import Box, Space

POOL_SCALE = 64.0  # a constant, so that a network serves any number of items
HIDDEN_GAIN = float(np.sqrt(2))
ACTIVATIONS: dict[str, Callable[[Array], Array]] = {"tanh": jnp.tanh, "relu": jax.nn.relu}


def orthogonal(rng: np.random.Generator, rows: int, columns: int, gain: float) -> np.ndarray:
    """A [rows, columns] matrix with orthonormal rows or columns, times `gain` (Saxe et al. 2014)."""
    q, r = np.linalg.qr(rng.standard_normal((max(rows, columns), min(rows, columns))))
    q = q * np.sign(np.diag(r))
    return (gain * (q if rows >= columns else q.T)).astype(np.float32)


class Dense(eqx.Module):
    """x -> x W + b."""

    weight: Float[Array, "inputs outputs"]
    bias: Float[Array, " outputs"]

    def __call__(self, x: Float[Array, "*batch inputs"]) -> Float[Array, "*batch outputs"]:
        """The layer's output."""
        flat = x.reshape(-1, x.shape[-1]) @ self.weight + self.bias
        return flat.reshape(*x.shape[:-1], -1)


def dense(rng: np.random.Generator, inputs: int, outputs: int, gain: float = HIDDEN_GAIN) -> Dense:
    """An orthogonal layer with zero bias."""
    return Dense(jnp.asarray(orthogonal(rng, inputs, outputs, gain)), jnp.zeros(outputs))


class Tower(eqx.Module):
    """Dense layers with an activation between them; `hidden` gives the last hidden activations."""

    layers: tuple[Dense, ...]
    activation: str = eqx.field(static=True)

    @property
    def last(self) -> Dense:
        """The output layer."""
        return self.layers[-1]

    def hidden(self, x: Float[Array, "*batch inputs"]) -> Float[Array, "*batch width"]:
        """Activations before the output layer."""
        for layer in self.layers[:-1]:
            x = ACTIVATIONS[self.activation](layer(x))
        return x

    def __call__(self, x: Float[Array, "*batch inputs"]) -> Float[Array, "*batch outputs"]:
        """The output layer's output."""
        return self.layers[-1](self.hidden(x))


def tower(rng: np.random.Generator, sizes: tuple[int, ...], gain: float, activation: str) -> Tower:
    """A tower with the given layer sizes, inputs first; `gain` is the last layer's."""
    gains = [HIDDEN_GAIN] * (len(sizes) - 2) + [gain]
    return Tower(tuple(dense(rng, i, o, g) for i, o, g in zip(sizes[:-1], sizes[1:], gains, strict=True)), activation)


class ItemEncoder(eqx.Module):
    """Items [..., n, f] and context [..., c] -> embeddings [..., n, h]: one layer for all, optional self-attention."""

    item: Dense
    context: Dense
    attention: tuple[Dense, Dense, Dense] | None
    activation: str = eqx.field(static=True)

    def __call__(self, obs: dict[str, Array]) -> Float[Array, "*batch n h"]:
        """Embeddings of all items, of padding too."""
        x = ACTIVATIONS[self.activation](self.item(obs["items"]) + self.context(obs["context"])[..., None, :])
        return x if self.attention is None else x + self._attend(x, present(obs["items"]))

    def _attend(self, x: Float[Array, "*batch n h"], valid: Array) -> Float[Array, "*batch n h"]:
        assert self.attention is not None
        query, key, value = (layer(x) for layer in self.attention)
        scores = query @ jnp.swapaxes(key, -1, -2) / jnp.sqrt(query.shape[-1])
        weights = jax.nn.softmax(jnp.where(valid[..., None, :], scores, distribution.ILLEGAL))
        return weights @ value


def present(items: Float[Array, "*batch n f"]) -> Bool[Array, "*batch n"]:
    """True for real items: padding rows are all zero."""
    return jnp.any(items != 0.0, axis=-1)


class Scorer(eqx.Module):
    """One logit per item (Zhang et al. 2020, RLScheduler's kernel network): permutation-equivariant.

    Where the observation has a `prior` [..., n], a heuristic's logits, the network learns what to add to them (residual
    policy learning, Silver et al. 2018): as its last layer starts near zero, training starts from the heuristic.
    """

    encoder: ItemEncoder
    head: Tower

    def hidden(self, obs: dict[str, Array]) -> Float[Array, "*batch n h"]:
        """The scoring head's last hidden activations, per item."""
        return self.head.hidden(self.encoder(obs))

    def __call__(self, obs: dict[str, Array]) -> Float[Array, "*batch n"]:
        """Logits, one per item."""
        logits = self.head(self.encoder(obs))[..., 0]
        return logits + obs["prior"] if "prior" in obs else logits


class PooledCritic(eqx.Module):
    """Mean and maximum over present items' embeddings, and the context -> value."""

    encoder: ItemEncoder
    head: Tower

    @property
    def last(self) -> Dense:
        """The output layer."""
        return self.head.last

    def _pool(self, obs: dict[str, Array]) -> Float[Array, "*batch width"]:
        x, valid = self.encoder(obs), present(obs["items"])[..., None]
        mean = jnp.sum(jnp.where(valid, x, 0.0), axis=-2) / POOL_SCALE
        peak = jnp.max(jnp.where(valid, x, -10.0), axis=-2)
        return jnp.concatenate([mean, peak, obs["context"]], axis=-1)

    def hidden(self, obs: dict[str, Array]) -> Float[Array, "*batch h"]:
        """The value head's last hidden activations."""
        return self.head.hidden(self._pool(obs))

    def __call__(self, obs: dict[str, Array]) -> Float[Array, "*batch 1"]:
        """The value."""
        return self.head(self._pool(obs))


class ActorCritic(eqx.Module):
    """Policy and value function of one agent."""

    actor: Tower | Scorer
    critic: Tower | PooledCritic
    log_std: Float[Array, " d"]

    def act(self, obs: PyTree[Array]) -> Head:
        """Logits or Gaussian means [..., out], and the one log standard deviation of all rows."""
        return Head(self.actor(obs), self.log_std)

    def value(self, obs: PyTree[Array]) -> Float[Array, "*batch"]:
        """V(obs) [target units; standardised ones under PopArt]."""
        return self.critic(obs)[..., 0]


def build(network: Network, space: Space, obs: PyTree[Array], seed: int) -> ActorCritic:
    """A fresh actor-critic for observations shaped like `obs` (one row). Deterministic in `seed`."""
    rng = np.random.default_rng([seed, 0x5EED])
    outputs = distribution.width(space)
    log_std = jnp.full(len(space.low) if isinstance(space, Box) else 0, network.log_std, jnp.float32)
    if network.kind == "mlp":
        if not (hasattr(obs, "ndim") and obs.ndim == 1):
            raise UserError("network kind 'mlp' needs a flat observation; set network.kind to 'scorer' or 'attention'")
        actor = tower(rng, (obs.shape[0], *network.actor, outputs), 0.01, network.activation)
        critic = tower(rng, (obs.shape[0], *network.critic, 1), 1.0, network.activation)
        return ActorCritic(actor, critic, log_std)
    _check_items(obs, outputs, network)
    actor = Scorer(
        _encoder(rng, obs, network.actor[0], network), tower(rng, (*network.actor, 1), 0.01, network.activation)
    )
    pooled = 2 * network.actor[0] + obs["context"].shape[0]
    critic = PooledCritic(
        _encoder(rng, obs, network.actor[0], network), tower(rng, (pooled, *network.critic, 1), 1.0, network.activation)
    )
    return ActorCritic(actor, critic, log_std)


def _encoder(rng: np.random.Generator, obs: dict[str, Array], width: int, network: Network) -> ItemEncoder:
    attention: Any = None
    if network.kind == "attention":
        attention = (dense(rng, width, width, 1.0), dense(rng, width, width, 1.0), dense(rng, width, width, 0.1))
    item = dense(rng, obs["items"].shape[1], width)
    context = dense(rng, obs["context"].shape[0], width)
    return ItemEncoder(item, context, attention, network.activation)


def _check_items(obs: PyTree[Array], outputs: int, network: Network) -> None:
    if not (isinstance(obs, dict) and {"items", "context"} <= obs.keys()):
        raise UserError(f"network kind {network.kind!r} needs observations with `items` and `context`; use kind 'mlp'")
    if not network.actor:
        raise UserError(
            f"network kind {network.kind!r} embeds items in network.actor[0] units; give at least one width"
        )
    if obs["items"].shape[0] != outputs:
        raise UserError(
            f"network kind {network.kind!r} scores one item per action, "
            f"but there are {obs['items'].shape[0]} items and {outputs} actions"
        )
