"""The gradient steps of one rollout: shuffled minibatches, global-norm clip, Adam, trust region."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax
from jaxtyping import Array, Float, Int

from ppo_doctor.train import measure, shuffle
from ppo_doctor.train.config import Config
from ppo_doctor.train.env import Space
from ppo_doctor.train.loss import ROW_STATS, TERMS, Batch, Knobs, Terms, loss
from ppo_doctor.train.policy import ActorCritic
from ppo_doctor.train.rollout import Norms


def optimiser(config: Config) -> optax.GradientTransformation:
    """Adam without its learning rate, which is scheduled."""
    return optax.scale_by_adam(eps=config.adam_eps)


def begin(config: Config, model: Any) -> Any:
    """The optimiser's state before the first step."""
    return optimiser(config).init(model)


def remembered(state: Any) -> Int[Array, ""]:
    """Steps that the optimiser knows of, by which it corrects its moments for their start at 0."""
    return state.count


class Record(NamedTuple):
    """One minibatch: row statistics, log-ratio by row, gradient norm, whether it was evaluated and stepped on."""

    rows: Float[Array, " stats"]
    log_ratio: Float[Array, " rows"]
    grad_norm: Float[Array, ""]
    measured: Float[Array, ""]
    stepped: Float[Array, ""]


def gradient(
    config: Config,
    space: Space,
    model: ActorCritic,
    norms: Norms,
    batch: Batch,
    k: Knobs,
    terms: Terms = TERMS,
    rows: Int[Array, " rows"] | None = None,
):
    """(gradient, (row statistics, log-ratio by row)) of one minibatch: of these rows of the batch, without them of all.

    Accumulated over chunks that fit the cache, each picked out of the batch just before it is used.
    """
    rows = jnp.arange(batch.log_prob.shape[0]) if rows is None else rows
    advantage = batch.advantage[rows]
    if config.normalize_advantage:
        advantage = terms.standardise(advantage)
    one = jax.grad(loss, has_aux=True)

    def part(rows: Array, advantage: Array):
        chosen = jax.tree.map(lambda x: x[rows], batch)._replace(advantage=advantage)
        return one(model, config, space, norms, chosen, k, terms)

    if config.grad_chunks == 1:
        return part(rows, advantage)

    def add(total: Any, chunk: tuple[Array, Array]):
        grad, (stats, log_ratio) = part(*chunk)
        sums, stats_sum = total
        return (jax.tree.map(jnp.add, sums, grad), stats_sum + stats), log_ratio

    zeros = (jax.tree.map(jnp.zeros_like, model), jnp.zeros(len(ROW_STATS)))
    chunks = (rows.reshape(config.grad_chunks, -1), advantage.reshape(config.grad_chunks, -1))
    sums, log_ratio = jax.lax.scan(add, zeros, chunks)
    grad, stats = jax.tree.map(lambda x: x / config.grad_chunks, sums)
    return grad, (stats, jnp.ravel(log_ratio))


def apply(config: Config, model: ActorCritic, state: Any, grad: ActorCritic, size: Array, k: Knobs):
    """Global-norm clip and Adam."""
    scale = jnp.minimum(1.0, config.max_grad_norm / (size + 1e-6))
    updates, state = optimiser(config).update(jax.tree.map(lambda g: g * scale, grad), state)

    def moved(part: str, rate: Array) -> Any:
        return jax.tree.map(lambda p, u: p - rate * u, getattr(model, part), getattr(updates, part))

    slow, fast = k.learning_rate, k.learning_rate * config.critic_learning_rate
    return ActorCritic(moved("actor", slow), moved("critic", fast), moved("log_std", slow)), state


class Steps(NamedTuple):
    """What the gradient steps are made of: loss terms, minibatch order of (key, rows), one optimiser step."""

    terms: Terms = TERMS
    order: Callable[..., Array] = shuffle.permutation
    step: Callable[..., tuple[ActorCritic, Any]] = apply


STEPS = Steps()


def run(
    config: Config,
    space: Space,
    model: ActorCritic,
    state: Any,
    norms: Norms,
    batch: Batch,
    k: Knobs,
    key: Array,
    parts: Steps = STEPS,
):
    """All gradient steps of one rollout. The trust region is checked before a step is taken."""
    n = batch.log_prob.shape[0]
    orders = [parts.order(e, n) for e in jax.random.split(key, config.n_epochs)]
    index = jnp.concatenate(orders).reshape(-1, config.batch_size)
    limit = jnp.inf
    if config.target_kl is not None and config.target_kl_mode == "stop":
        limit = config.target_kl * config.target_kl_factor

    def go(carry: Any, rows: Array):
        model, state, _ = carry
        grad, (stats, log_ratio) = gradient(config, space, model, norms, batch, k, parts.terms, rows)
        size = measure.norm(grad)
        one = jnp.ones(())
        if limit == jnp.inf:
            model, state = parts.step(config, model, state, grad, size, k)
            return (model, state, jnp.zeros((), bool)), Record(stats, log_ratio, size, one, one)
        beyond = stats[ROW_STATS.index("kl_k3")] > limit
        model, state = jax.lax.cond(
            beyond, lambda: (model, state), lambda: parts.step(config, model, state, grad, size, k)
        )
        return (model, state, beyond), Record(stats, log_ratio, size, one, 1.0 - beyond)

    def skip(carry: Any, rows: Array):
        zero, none = jnp.zeros(()), jnp.zeros(rows.shape if config.signals else 0)
        return carry, Record(jnp.zeros(len(ROW_STATS)), none, zero, zero, zero)

    def step(carry: Any, rows: Array):
        return go(carry, rows) if limit == jnp.inf else jax.lax.cond(carry[2], skip, go, carry, rows)

    start = (model, state, jnp.zeros((), bool))
    (model, state, stopped), records = jax.lax.scan(step, start, index)
    return model, state, stopped, records
