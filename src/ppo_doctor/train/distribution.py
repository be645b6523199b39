"""Action distributions as functions of what the actor puts out; one row at a time, callers `vmap`.

Masked categorical: illegal logits become a finite -1e9, so that their probability and gradient are exactly zero in
float32 and nothing is NaN. Temperature divides the logits (or multiplies the standard deviation) wherever the policy
is used, so acting and re-evaluating always speak of the same distribution.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Bool, Float, Key

from ppo_doctor.train.env import Box, Discrete, MultiDiscrete, Space

ILLEGAL = -1e9


class Head(NamedTuple):
    """The actor's output for one row: `out` are logits or the Gaussian mean; `log_std` is empty unless Gaussian."""

    out: Float[Array, "*batch out"]
    log_std: Float[Array, " d"]


def width(space: Space) -> int:
    """Number of outputs the actor needs."""
    if isinstance(space, Discrete):
        return space.n
    return sum(space.sizes) if isinstance(space, MultiDiscrete) else len(space.low)


def draw(space: Space, key: Key[Array, ""], shape: tuple[int, ...]) -> Array:
    """The noise that `sample` needs, for a whole rollout at once: uniform per choice, normal per real action."""
    if isinstance(space, Discrete):
        return jax.random.uniform(key, shape)
    if isinstance(space, MultiDiscrete):
        return jax.random.uniform(key, (*shape, len(space.sizes)))
    return jax.random.normal(key, (*shape, len(space.low)))


def log_probs(logits: Float[Array, " n"], mask: Bool[Array, " n"], temperature: Float[Array, ""]) -> Float[Array, " n"]:
    """Masked log-softmax."""
    return jax.nn.log_softmax(jnp.where(mask, logits / temperature, ILLEGAL))


def _parts(space: MultiDiscrete, x: Array) -> list[Array]:
    ends = [sum(space.sizes[: i + 1]) for i in range(len(space.sizes))]
    return [x[end - size : end] for size, end in zip(space.sizes, ends, strict=True)]


def _inverse_cdf(log_p: Float[Array, " n"], uniform: Float[Array, ""]) -> Array:
    """The first action whose cumulative probability exceeds u: never one of probability zero, since u < 1."""
    cumulative = jnp.cumsum(jnp.exp(log_p))
    return jnp.argmax(cumulative > uniform * cumulative[-1])


def sample(space: Space, head: Head, mask: Array, noise: Array, temperature: Array) -> tuple[Array, Float[Array, ""]]:
    """(action, its log-probability). A Gaussian action is the raw one, in units of half the range, before bounds."""
    if isinstance(space, Discrete):
        log_p = log_probs(head.out, mask, temperature)
        action = _inverse_cdf(log_p, noise)
    elif isinstance(space, MultiDiscrete):
        logits, masks = _parts(space, head.out), _parts(space, mask)
        picks = [
            _inverse_cdf(log_probs(x, m, temperature), noise[i])
            for i, (x, m) in enumerate(zip(logits, masks, strict=True))
        ]
        action = jnp.stack(picks)
    else:
        action = head.out + temperature * jnp.exp(head.log_std) * noise
    return action, log_prob(space, head, mask, action, temperature)


def mode(space: Space, head: Head, mask: Array) -> Array:
    """The most likely action."""
    if isinstance(space, Discrete):
        return jnp.argmax(jnp.where(mask, head.out, -jnp.inf))
    if isinstance(space, MultiDiscrete):
        logits, masks = _parts(space, head.out), _parts(space, mask)
        return jnp.stack([jnp.argmax(jnp.where(m, x, -jnp.inf)) for x, m in zip(logits, masks, strict=True)])
    return head.out


def log_prob(space: Space, head: Head, mask: Array, action: Array, temperature: Array) -> Float[Array, ""]:
    """Log-probability [nats] (density of the raw Gaussian action; the Jacobian of a squash cancels in every ratio)."""
    if isinstance(space, Discrete):
        return _pick(log_probs(head.out, mask, temperature), action)
    if isinstance(space, MultiDiscrete):
        logits, masks = _parts(space, head.out), _parts(space, mask)
        terms = [
            _pick(log_probs(x, m, temperature), action[i]) for i, (x, m) in enumerate(zip(logits, masks, strict=True))
        ]
        return sum(terms[1:], terms[0])
    log_std = head.log_std + jnp.log(temperature)
    z = (action - head.out) * jnp.exp(-log_std)
    return jnp.sum(-0.5 * z**2 - log_std - 0.5 * jnp.log(2 * jnp.pi))


def _pick(log_p: Float[Array, " n"], action: Array) -> Float[Array, ""]:
    """log_p[action]; as a masked sum for a few actions, where a gather (and its scatter gradient) is the slower one."""
    if log_p.shape[0] <= 8:
        return jnp.sum(jnp.where(jnp.arange(log_p.shape[0]) == action, log_p, 0.0))
    return log_p[action]


def entropy(space: Space, head: Head, mask: Array, temperature: Array) -> Float[Array, ""]:
    """Entropy [nats] over legal actions; of the Gaussian before its bounds for real actions."""
    if isinstance(space, Box):
        return jnp.sum(head.log_std + jnp.log(temperature) + 0.5 * jnp.log(2 * jnp.pi * jnp.e))
    parts = (
        [(head.out, mask)]
        if isinstance(space, Discrete)
        else zip(_parts(space, head.out), _parts(space, mask), strict=True)
    )
    return sum((categorical_entropy(log_probs(x, m, temperature), m) for x, m in parts), jnp.zeros(()))


def categorical_entropy(log_p: Float[Array, " n"], mask: Bool[Array, " n"]) -> Float[Array, ""]:
    """Entropy [nats] of a masked categorical."""
    return -jnp.sum(jnp.where(mask, jnp.exp(log_p) * log_p, 0.0))


def probabilities(space: Space, head: Head, mask: Array) -> Float[Array, " width"]:
    """Probabilities of all actions, the parts' side by side; not for real actions."""
    one = jnp.ones(())
    if isinstance(space, Discrete):
        return jnp.exp(log_probs(head.out, mask, one))
    assert isinstance(space, MultiDiscrete)
    logits, masks = _parts(space, head.out), _parts(space, mask)
    return jnp.concatenate([jnp.exp(log_probs(x, m, one)) for x, m in zip(logits, masks, strict=True)])


def max_entropy(space: Space, mask: Array) -> Float[Array, ""]:
    """log(number of legal actions) [nats], summed over parts; 0 where the choice is forced. NaN for real actions."""
    if isinstance(space, Box):
        return jnp.full((), jnp.nan)
    parts = [mask] if isinstance(space, Discrete) else _parts(space, mask)
    return sum((jnp.log(jnp.sum(m).astype(jnp.float32)) for m in parts), jnp.zeros(()))


ROWS = Head._make((0, None))  # how a batch of heads is laid out: one `out` a row, one `log_std` for all


def evaluate(space: Space, heads: Head, mask: Array, action: Array, temperature: Array) -> tuple[Array, Array]:
    """(log-probabilities [n], entropies [n]) of a batch of rows."""

    def one(head: Head, m: Array, a: Array):
        return log_prob(space, head, m, a, temperature), entropy(space, head, m, temperature)

    return jax.vmap(one, in_axes=(ROWS, 0, 0))(heads, mask, action)


def sample_rows(space: Space, heads: Head, mask: Array, noise: Array, temperature: Array) -> tuple[Array, Array]:
    """(actions [n], log-probabilities [n]) of a batch of rows."""

    def one(head: Head, m: Array, u: Array):
        return sample(space, head, m, u, temperature)

    return jax.vmap(one, in_axes=(ROWS, 0, 0))(heads, mask, noise)


def to_env(space: Space, action: Array, squash: str) -> Array:
    """The action the environment gets: real actions meet their bounds, choices pass."""
    if not isinstance(space, Box):
        return action
    low, high = jnp.asarray(space.low), jnp.asarray(space.high)
    unit = jnp.tanh(action) if squash == "tanh" else jnp.clip(action, -1.0, 1.0)
    return low + (unit + 1.0) * 0.5 * (high - low)
