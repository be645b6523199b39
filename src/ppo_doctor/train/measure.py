"""Diagnostic signals computed inside the compiled update. Names and formulas are those of `ppo_doctor.signals`.

Anything that needs an extra pass over the network uses `PROBE_ROWS` rows spread over the rollout, so that the cost
stays a few percent of an update at any batch size. A quantity that is undefined is NaN, never 0.
"""

from __future__ import annotations

import functools
import math
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from ppo_doctor.train import distribution, rollout
from ppo_doctor.train.config import Config
from ppo_doctor.train.distribution import Head
from ppo_doctor.train.env import Box, Discrete, Space
from ppo_doctor.train.loss import ROW_STATS, TERMS, Batch, Knobs, Terms
from ppo_doctor.train.policy import ActorCritic
from ppo_doctor.train.rollout import Episodes, Norms, Rollout
from ppo_doctor.train.targets import discounted_sum

PROBE_ROWS = 128
SHARES = 8
DORMANT = 0.025  # threshold of Sokar et al. 2023 (tau)
STILL = 1e-11  # variance / mean square of what is constant but for rounding: errors of 1e-6 in single precision

Stats = dict[str, Array]


def flat(tree: Any) -> Float[Array, " n"]:
    """All leaves in one vector: what follows is one kernel instead of one a leaf."""
    return jnp.concatenate([jnp.ravel(x) for x in jax.tree.leaves(tree)])


def norm(tree: Any) -> Float[Array, ""]:
    """Euclidean norm over all leaves."""
    return jnp.sqrt(sum((jnp.sum(x**2) for x in jax.tree.leaves(tree)), jnp.zeros(())))


def ratio(a: Array, b: Array) -> Array:
    """a / b, NaN where b is 0: unknown, not healthy."""
    return jnp.where(b > 0, a / jnp.where(b > 0, b, 1.0), jnp.nan)


def steps(rows: Float[Array, "steps stats"], grads: Array, max_grad_norm: float, measured: Array) -> Stats:
    """Loss, KL and gradient signals from the per-minibatch records. `measured` is 1 where a minibatch was evaluated."""
    count = jnp.sum(measured)
    mean = dict(zip(ROW_STATS, jnp.sum(rows * measured[:, None], axis=0) / count, strict=True))
    last = rows[jnp.maximum(count.astype(jnp.int32) - 1, 0)]
    seen = measured[:, None] > 0
    peak = dict(zip(ROW_STATS, jnp.max(jnp.where(seen, rows, -jnp.inf), axis=0), strict=True))
    out = {name: mean[name] for name in ("pg_loss", "v_loss", "entropy")}
    for name, column in (("approx_kl", "kl_k3"), ("kl_k1", "kl_k1")):
        final = last[ROW_STATS.index(column)]
        out |= {f"{name}_last": final, f"{name}_mean": mean[column], f"{name}_max": peak[column]}
    return out | {
        "grad_norm": jnp.sum(grads * measured) / count,
        "grad_norm_clipped": jnp.sum(jnp.minimum(grads, max_grad_norm) * measured) / count,
        "grad_clipped_frac": jnp.sum((grads > max_grad_norm) * measured) / count,
    }


def ratios(log_ratio: Float[Array, "steps n"], clip_coef: Array, measured: Float[Array, " steps"]) -> Stats:
    """How far the probability ratios left the clip range; log-ratios of steps that were skipped are 0."""
    r = jax.lax.optimization_barrier(jnp.exp(log_ratio))  # else every sum below computes it again
    total = functools.partial(jnp.matmul, jnp.full(r.size, 1 / r.shape[1]))  # XLA's sums on a CPU are scalar loops
    high, low = r > 1.0 + clip_coef, r < 1.0 - clip_coef
    sums = [total(jnp.ravel(x)) for x in (1.0 * high, high * r, 1.0 * low, low * r)]
    return {
        "clip_frac": (sums[0] + sums[2]) / jnp.sum(measured),
        "ratio_excess_high": ratio(sums[1], sums[0]),
        "ratio_excess_low": ratio(sums[3], sums[2]),
        "first_ratio_error": jnp.max(jnp.abs(r[0] - 1.0)),
    }


def critic(value: Float[Array, " n"], target: Float[Array, " n"], advantage: Float[Array, " n"]) -> Stats:
    """Fit of the old prediction to this rollout's targets. Explained variance ignores a constant offset, not so R2."""
    columns = jnp.stack([value, target, advantage, target - value])
    means, variances = jnp.mean(columns, axis=1), jnp.var(columns, axis=1)
    return {
        "explained_variance": 1.0 - ratio(variances[3], variances[1]),
        "r2": 1.0 - ratio(variances[3] + means[3] ** 2, variances[1]),
        "value_bias": -means[3],
        "value_mean": means[0],
        "return_mean": means[1],
        "return_std": jnp.sqrt(variances[1]),
        "advantage_mean": means[2],
        "advantage_std": jnp.sqrt(variances[2]),
        "advantage_min": jnp.min(advantage),
        "advantage_max": jnp.max(advantage),
    }


def episodes(seen: Rollout, done: Episodes, n_env_steps: int, space: Space) -> Stats:
    """What happened in the environments. Fractions are per step, `avoidable_noop_frac` per step with a real choice."""
    breaks = jnp.sum((seen.terminated | seen.truncated)[:-1])  # the rollout's last step ends every row's piece anyway
    out = {
        "mean_ep_return": ratio(done.total_return, done.finished),
        "mean_ep_length": ratio(done.total_length, done.finished),
        "n_episodes": done.finished,
        "reward_mean": jnp.mean(seen.reward),
        "reward_std": jnp.std(seen.reward),
        "reward_min": jnp.min(seen.reward),
        "reward_max": jnp.max(seen.reward),
        "terminated_frac": jnp.mean(seen.terminated),
        "truncated_frac": jnp.mean(seen.truncated),
        "mean_segment_length": seen.reward.size / (breaks + seen.reward.shape[1]),
    }
    if isinstance(space, Discrete):
        out["forced_frac"] = jnp.mean(jnp.sum(seen.mask, axis=-1) == 1)
    for name, metric in (("noop_frac", "noop"), ("invalid_frac", "invalid")):
        if metric in done.metrics:
            out[name] = done.metrics[metric] / n_env_steps
    if "avoidable_noop" in done.metrics:
        out["avoidable_noop_frac"] = ratio(done.metrics["avoidable_noop"], done.metrics["feasible"])
    return out


def reward_terms(raw: Rollout, seen: Rollout, advantage: Float[Array, "t rows"], gamma: float, decay: float) -> Stats:
    """Mean of each reward term as paid (`raw`) and, of several, its share of advantage variance as trained on (`seen`):
    Cov(A_term, A) / Var(A).

    GAE is linear in the rewards, so A = sum of A_term + the critic's part; the shares and the critic's sum to 1.
    """
    names = tuple(seen.reward_terms)
    paid = {f"reward_term/{name}": jnp.mean(raw.reward_terms[name]) for name in names}
    if len(names) < 2:  # a single term dominates by definition
        return paid
    carry = gamma * decay * (1.0 - seen.terminated) * (1.0 - seen.truncated)
    over_rows = jax.vmap(discounted_sum, in_axes=1, out_axes=1)
    parts = jax.vmap(over_rows, in_axes=(1, None), out_axes=1)(jnp.stack([*seen.reward_terms.values()], 1), carry)
    centred = advantage - jnp.mean(advantage)
    shared = jnp.mean(parts * centred[:, None], axis=(0, 2))
    share = ratio(shared, jnp.mean(centred**2))
    return paid | {f"reward_term_share/{name}": share[i] for i, name in enumerate(names)}


def probe_rows(batch: Batch, rows: int = PROBE_ROWS) -> Batch:
    """Rows spread over a batch: over its time, its environments and its agents, and so is either half of them.

    A golden-section sequence; an even stride would land on the same environment or agent every time.
    """
    n = batch.log_prob.shape[0]
    step = next(s for s in range(round(0.618 * n) or 1, n + 2) if math.gcd(s, n) == 1)
    index = np.arange(min(rows, n), dtype=np.int64) * step % n
    return jax.tree.map(lambda x: x[index], batch)


def policy(
    config: Config, space: Space, old: ActorCritic, new: ActorCritic, norms: Norms, batch: Batch, knobs: Knobs
) -> Stats:
    """How the policy answers to states: entropy share, mutual information, churn, action shares."""
    seen = rollout.see(config, norms, batch.obs)
    before, after = old.act(seen), new.act(seen)
    if isinstance(space, Box):
        return {"log_std_mean": jnp.mean(new.log_std)}
    greedy = _argmax(space, after, batch.mask)
    room = jax.vmap(lambda m: distribution.max_entropy(space, m))(batch.mask)
    free = room > 0
    entropy = distribution.evaluate(space, before, batch.mask, batch.action, knobs.temperature)[1]
    p = _probabilities(space, after, batch.mask)
    changed = jnp.any(greedy != _argmax(space, before, batch.mask), axis=tuple(range(1, greedy.ndim)))
    sampled_share, greedy_share = (jnp.mean(_one_hot(space, a), axis=0) for a in (batch.action, greedy))
    out = {
        "entropy_frac": ratio(jnp.sum(jnp.where(free, entropy / jnp.where(free, room, 1.0), 0.0)), jnp.sum(free)),
        "mutual_information": _entropy(jnp.mean(p, axis=0)) - jnp.mean(_entropy(p)),
        "policy_churn": ratio(jnp.sum(changed & free), jnp.sum(free)),
        "action_share_sampled_max": jnp.max(sampled_share),
        "action_share_greedy_max": jnp.max(greedy_share),
    }
    for k in range(min(SHARES, sampled_share.shape[0])):
        out |= {f"action_share_sampled/{k}": sampled_share[k], f"action_share_greedy/{k}": greedy_share[k]}
    return out


def _argmax(space: Space, heads: Head, mask: Array) -> Array:
    return jax.vmap(lambda h, m: distribution.mode(space, h, m), in_axes=(distribution.ROWS, 0))(heads, mask)


def _probabilities(space: Space, heads: Head, mask: Array) -> Array:
    """Probabilities [n, width], the parts' side by side."""
    return jax.vmap(lambda h, m: distribution.probabilities(space, h, m), in_axes=(distribution.ROWS, 0))(heads, mask)


def _one_hot(space: Space, action: Array) -> Array:
    if isinstance(space, Discrete):
        return jax.nn.one_hot(action, space.n)
    assert not isinstance(space, Box)
    return jnp.concatenate([jax.nn.one_hot(action[:, i], size) for i, size in enumerate(space.sizes)], axis=-1)


def _entropy(p: Array) -> Array:
    return -jnp.sum(jnp.where(p > 0, p * jnp.log(jnp.where(p > 0, p, 1.0)), 0.0), axis=-1)


def gradients(
    config: Config,
    space: Space,
    model: ActorCritic,
    norms: Norms,
    batch: Batch,
    knobs: Knobs,
    terms: Terms = TERMS,
) -> Stats:
    """Gradient norm per loss term, and the cosine between the two halves' policy gradients (near 0: noise).

    Actor and critic share no weights, so one backward pass of the whole loss separates value from the rest.
    """
    batch = batch._replace(advantage=terms.standardise(batch.advantage)) if config.normalize_advantage else batch

    def losses(m: ActorCritic) -> Float[Array, " 3"]:
        surrogate, _, bonus, _ = terms.policy(config, space, m, norms, batch, knobs)
        rows = surrogate + config.vf_coef * terms.value(config, m, norms, batch, knobs)[0]
        n = rows.shape[0] // 2
        return jnp.stack([jnp.mean(rows[:n]), jnp.mean(rows[n : 2 * n]), knobs.ent_coef * jnp.mean(bonus)])

    by_loss = jax.jacrev(losses)(model)  # one forward pass, three cotangents side by side
    actor, critic = jax.vmap(flat)((by_loss.actor, by_loss.log_std)), jax.vmap(flat)(by_loss.critic)
    first, second, bonus = actor
    return {
        "grad_norm_policy": jnp.linalg.norm(0.5 * (first + second)),
        "grad_norm_value": jnp.linalg.norm(0.5 * (critic[0] + critic[1])),
        "grad_norm_entropy": jnp.linalg.norm(bonus),
        "half_batch_cosine": ratio(first @ second, jnp.linalg.norm(first) * jnp.linalg.norm(second)),
    }


def features(config: Config, model: ActorCritic, norms: Norms, batch: Batch) -> Stats:
    """Last hidden layer of the actor: dormant units (Sokar et al. 2023) and effective rank.

    Effective rank is the participation ratio (sum of eigenvalues)^2 / sum of squares of the centred second-moment
    matrix, the order-2 member of Roy and Vetterli's (2007) family: it needs no eigendecomposition inside the update.
    It is 0 where nothing varies.
    """
    hidden = model.actor.hidden(rollout.see(config, norms, batch.obs))
    units = hidden.reshape(-1, hidden.shape[-1])
    size = jnp.mean(jnp.abs(units), axis=0)
    centred = units - jnp.mean(units, axis=0)
    gram = centred.T @ centred / units.shape[0]
    square = jnp.sum(gram**2)
    still = (jnp.trace(gram) <= STILL * jnp.sum(jnp.mean(units**2, axis=0))) | (square == 0.0)
    return {
        "dormant_frac": jnp.mean(size <= DORMANT * jnp.mean(size)),
        "effective_rank": jnp.where(still, 0.0, ratio(jnp.trace(gram) ** 2, square)),
    }


def nonfinite(seen: Rollout, advantage: Array, stats: Stats, model: ActorCritic, norms: Norms) -> Stats:
    """Counts of NaN and infinity by tensor, in the order in which they would spread; `model` and `norms` as learned."""

    def counted(x: Array) -> Array:
        # One pass over a healthy tensor: its zeros add up to zero. Counting would write an integer per element.
        dirty = jnp.isnan(jnp.sum(0.0 * x))
        return jax.lax.cond(dirty, lambda: jnp.sum(~jnp.isfinite(x)), lambda: jnp.zeros((), jnp.int32))

    def inside(tree: Any) -> Array:
        return sum((counted(x) for x in jax.tree.leaves(tree)), jnp.zeros((), jnp.int32))

    count = {
        "obs": inside(seen.obs),
        "reward": jnp.sum(~jnp.isfinite(seen.reward)),
        "log_prob": jnp.sum(~jnp.isfinite(seen.log_prob)),
        "value": jnp.sum(~jnp.isfinite(seen.value)),
        "advantage": jnp.sum(~jnp.isfinite(advantage)),
        "gradient": 1 * ~jnp.isfinite(stats["grad_norm"]),
        "loss": 1 * ~jnp.isfinite(stats["pg_loss"] + stats["v_loss"] + stats["entropy"]),
        "weights": inside(model),
        "statistics": inside(norms),
    }
    total = sum(count.values(), jnp.zeros((), jnp.int32))
    return {"nonfinite_count": total, **{f"nonfinite/{name}": n for name, n in count.items()}}
