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


@jax.custom_vjp
def matmul(x: Float[Array, "n inputs"], weight: Float[Array, "inputs outputs"]) -> Float[Array, "n outputs"]:
    """x W, whose weight gradient multiplies a transposed copy of x: on a CPU the fast kernels want it laid out so.

    1.25 times as fast for 64 x 64 weights and at least 256 rows, 1.8 times for 32 x 16 and 8,320 rows (measured).
    """
    return x @ weight


def _pull_back(saved: tuple[Array, Array], cotangent: Array) -> tuple[Array, Array]:
    x, weight = saved

    def transposed(x: Array) -> Array:
        return jax.lax.optimization_barrier(x.T) @ cotangent

    by_weight = jax.lax.platform_dependent(x, cpu=transposed, default=lambda x: x.T @ cotangent)
    return cotangent @ weight.T, by_weight


matmul.defvjp(lambda x, weight: (x @ weight, (x, weight)), _pull_back)


class Dense(eqx.Module):
    """x -> x W + b."""

    weight: Float[Array, "inputs outputs"]
    bias: Float[Array, " outputs"]

    def __call__(self, x: Float[Array, "*batch inputs"]) -> Float[Array, "*batch outputs"]:
        """The layer's output."""
        flat = matmul(x.reshape(-1, x.shape[-1]), self.weight) + self.bias
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
    """Items [..., f, n] and context [..., c] -> embeddings [h, ..., n]: one layer for all, optional self-attention.

    Units come first, items last, so that a layer over all items of a batch is one product whose weight gradient needs
    no transposition: a third of the time of items first on a CPU (measured, 32 x 16 weights and 8,320 items).
    """

    item: Dense
    context: Dense
    attention: tuple[Dense, Dense, Dense] | None
    activation: str = eqx.field(static=True)

    def __call__(self, obs: dict[str, Array]) -> Float[Array, "h *batch n"]:
        """Embeddings of all items, of padding too."""
        items = jnp.moveaxis(obs["items"], -2, 0)
        common = jnp.moveaxis(self.context(obs["context"]) + self.item.bias, -1, 0)
        x = ACTIVATIONS[self.activation](_columns(self.item.weight, items) + common[..., None])
        return x if self.attention is None else x + self._attend(x, present(obs["items"]))

    def _attend(self, x: Float[Array, "h *batch n"], valid: Array) -> Float[Array, "h *batch n"]:
        assert self.attention is not None
        query, key, value = (layer(jnp.moveaxis(x, 0, -1)) for layer in self.attention)
        scores = query @ jnp.swapaxes(key, -1, -2) / jnp.sqrt(query.shape[-1])
        weights = jax.nn.softmax(jnp.where(valid[..., None, :], scores, distribution.ILLEGAL))
        return jnp.moveaxis(weights @ value, -1, 0)


def _columns(weight: Float[Array, "inputs outputs"], x: Array) -> Array:
    """W^T x over the first axis: [inputs, ...] -> [outputs, ...]."""
    return (weight.T @ x.reshape(x.shape[0], -1)).reshape(-1, *x.shape[1:])


def present(items: Float[Array, "*batch f n"]) -> Bool[Array, "*batch n"]:
    """True for real items: padding columns are all zero."""
    return jnp.any(items != 0.0, axis=-2)


class Scorer(eqx.Module):
    """One logit per item (Zhang et al. 2020, RLScheduler's kernel network): permutation-equivariant.

    Where the observation has a `prior` [..., n], a heuristic's logits, the network learns what to add to them (residual
    policy learning, Silver et al. 2018): as its last layer starts near zero, training starts from the heuristic.
    """

    encoder: ItemEncoder
    head: Tower

    def _hidden(self, obs: dict[str, Array]) -> Float[Array, "h *batch n"]:
        x = self.encoder(obs)
        for layer in self.head.layers[:-1]:
            bias = layer.bias.reshape(-1, *[1] * (x.ndim - 1))
            x = ACTIVATIONS[self.head.activation](_columns(layer.weight, x) + bias)
        return x

    def hidden(self, obs: dict[str, Array]) -> Float[Array, "*batch n h"]:
        """The scoring head's last hidden activations, per item."""
        return jnp.moveaxis(self._hidden(obs), 0, -1)

    def __call__(self, obs: dict[str, Array]) -> Float[Array, "*batch n"]:
        """Logits, one per item."""
        logits = _columns(self.head.last.weight, self._hidden(obs))[0] + self.head.last.bias[0]
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
        x, valid = self.encoder(obs), present(obs["items"])
        mean = jnp.sum(jnp.where(valid, x, 0.0), axis=-1) / POOL_SCALE
        peak = jnp.max(jnp.where(valid, x, -10.0), axis=-1)
        return jnp.concatenate([jnp.moveaxis(jnp.concatenate([mean, peak]), 0, -1), obs["context"]], axis=-1)

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


def check(network: Network) -> None:
    """Raise `UserError` for a network that cannot be built."""
    for name in ("actor", "critic"):
        if min(getattr(network, name), default=1) < 1:
            raise UserError(f"network.{name} needs widths of at least 1")
    if network.kind != "mlp" and not network.actor:
        raise UserError(f"network kind {network.kind!r} needs a hidden layer; set network.actor")
    if not np.isfinite(network.log_std):
        raise UserError("network.log_std must be finite")
    if not 0 < network.init_scale < float("inf"):
        raise UserError("network.init_scale must be above 0 and finite")


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
    else:
        _check_items(obs, outputs, network)
        actor, critic = _of_items(rng, obs, network)
    actor, critic = jax.tree.map(lambda x: x * network.init_scale, (actor, critic))
    return ActorCritic(actor, critic, log_std)


def _of_items(rng: np.random.Generator, obs: dict[str, Array], network: Network) -> tuple[Scorer, PooledCritic]:
    width, activation = network.actor[0], network.activation
    actor = Scorer(_encoder(rng, obs, width, network), tower(rng, (*network.actor, 1), 0.01, activation))
    pooled = 2 * width + obs["context"].shape[0]
    critic = PooledCritic(_encoder(rng, obs, width, network), tower(rng, (pooled, *network.critic, 1), 1.0, activation))
    return actor, critic


def _encoder(rng: np.random.Generator, obs: dict[str, Array], width: int, network: Network) -> ItemEncoder:
    attention: Any = None
    if network.kind == "attention":
        attention = (dense(rng, width, width, 1.0), dense(rng, width, width, 1.0), dense(rng, width, width, 0.1))
    item = dense(rng, obs["items"].shape[0], width)
    context = dense(rng, obs["context"].shape[0], width)
    return ItemEncoder(item, context, attention, network.activation)


def _check_items(obs: PyTree[Array], outputs: int, network: Network) -> None:
    if not (isinstance(obs, dict) and {"items", "context"} <= obs.keys()):
        raise UserError(f"network kind {network.kind!r} needs observations with `items` and `context`; use kind 'mlp'")
    if not network.actor:
        raise UserError(
            f"network kind {network.kind!r} embeds items in network.actor[0] units; give at least one width"
        )
    if obs["items"].shape[1] != outputs:
        raise UserError(
            f"network kind {network.kind!r} scores one item per action, "
            f"but there are {obs['items'].shape[1]} items and {outputs} actions"
        )
