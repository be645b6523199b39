"""Examines the data path of a learner: one live rollout and its update, recomputed independently and compared.

    found = audit(config, env, learner, parts)   # {"log_prob_error": 2e-7, "gae_error": 1e-6, ...}

A witness inside the environment writes down what really happened; NumPy in float64 recomputes log-probabilities and
advantages by their definitions; single rows are nudged to see which outputs answer. Healthy code gives float error or
exactly zero. What cannot be told is NaN. The learner is not consumed, and nothing of it is changed.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.flatten_util import ravel_pytree
from jaxtyping import Array

from ppo_doctor.audit import recomputed
from ppo_doctor.train import distribution, epochs, measure, ppo, rollout, schedule, targets
from ppo_doctor.train.config import Config
from ppo_doctor.train.env import AbstractEnv, Box, Discrete, Space
from ppo_doctor.train.evaluate import Agent
from ppo_doctor.train.learner import HEALTHY, Learner, Parts
from ppo_doctor.train.loss import TERMS, Batch, Knobs, Terms
from ppo_doctor.train.policy import ActorCritic
from ppo_doctor.train.rollout import Norms
from ppo_doctor.train.witness import MARK, Account, Witness

STEP = 0.01
"""Length of the step on the entropy term, in parameter space."""
NO_GRADIENT = 1e-7
"""Length below which a gradient is float error."""
TOLERANCE = 1e-5
"""Relative difference below which two stored numbers are the same: they may come from different programs."""
MORE_LOOKS = 15
"""Further rollouts, at most, until one has a reward other than the usual one."""
NUDGED_ROWS = 64
"""Rows whose dependence on each other is looked at."""


Column = Any  # a JAX array while it is traced, a NumPy array afterwards


class Evidence(NamedTuple):
    """What one update saw, from both sides."""

    account: Any
    """What really happened, [t, rows]."""
    collected: Column
    """Log-probabilities before they were stored, [t, rows]: they tell which column is which."""
    stored: Any
    """What the learner stored of it."""
    reward: Column
    """Rewards as learned from, scaled if so configured, [t, rows]."""
    heads: Any
    """The actor's outputs for the stored observations, [t * rows]."""
    executed: Column
    """What the stored action should have executed, [t, rows, ...]."""
    following: Column
    """Value of what really came next, [t, rows]."""
    batch: Any
    """What the loss got."""
    log_ratio: Column
    """The learner's own, before any step."""
    crossed: Column
    """Whether a row of the loss answers to another row as it does to itself: surrogate, value error."""
    noise: Column
    """Difference between the log-probabilities of two passes over the same rows, by row."""
    still: Column
    """Whether new rows leave a running statistic as it was; NaN if none is in use."""
    should: Any
    """Tree of the model: which tensors have a gradient by rights."""
    pulled: Any
    """Tree of the model: which tensors have a gradient as the learner has it."""
    moved: Any
    """Tree of the model: which tensors a step moves."""
    policy_gradient: Column
    """Cosine between the learner's policy gradient and the right one; the former's length in units of the latter's."""
    entropy: Column
    """Change of the entropy by a step on the learner's entropy term, and by rights whether it can change."""


def audit(config: Config, env: AbstractEnv, learner: Learner, parts: Parts = HEALTHY) -> dict[str, float]:
    """The signals of the group "by a probe, from a live rollout and its update". Compiles one program."""
    return examined(config, env, learner, parts, lambda one: _gather(config, parts, env, one))


def examined(
    config: Config, env: AbstractEnv, learner: Learner, parts: Parts, look: Callable[[Learner], Evidence]
) -> dict[str, float]:
    """The same, by whatever compiled `gather`. Where one rollout has no reward that tells, further ones are made."""
    found = compared(config, env.space, learner, look(learner))
    for again in range(MORE_LOOKS):
        if not math.isnan(found["reward_misaligned_frac"]):
            break
        found["reward_misaligned_frac"] = misaligned(look(learner._replace(key=jax.random.fold_in(learner.key, again))))
    return found | {"normaliser_gap": normaliser_gap(config, env, learner, parts)}


def misaligned(evidence: Evidence) -> float:
    """Share of the rewards that tell, and are stored with another step's action."""
    seen: Evidence = jax.tree.map(np.asarray, evidence)
    order = _columns(seen.stored.log_prob, seen.collected)
    received, stored = seen.account.reward[:, order], seen.stored.reward
    return recomputed.misaligned(_differs(stored, received), stored, received)


def normaliser_gap(config: Config, env: AbstractEnv, learner: Learner, parts: Parts) -> float:
    """How far the agent that is evaluated standardises observations by other statistics than the learner; 0 if not."""
    if not config.normalize_obs:
        return 0.0
    ours, theirs = (
        jax.tree.map(np.asarray, one.norms.obs)
        for one in (learner, parts.evaluated(Agent(config, env, learner.model, learner.norms, greedy=True)))
    )
    return recomputed.normaliser_gap(ours.mean, ours.var, theirs.mean, theirs.var)


def compared(config: Config, space: Space, learner: Learner, evidence: Evidence) -> dict[str, float]:
    """What the two sides of an update disagree in."""
    seen: Evidence = jax.tree.map(np.asarray, evidence)
    order = _columns(seen.stored.log_prob, seen.collected)
    real = jax.tree.map(lambda x: x[:, order], seen.account)
    seen = seen._replace(following=seen.following[:, order])
    ends, stored_ends = real.terminated | real.truncated, seen.stored.terminated | seen.stored.truncated
    temperature = float(HEALTHY.knobs(config, learner.controls).temperature)
    gain, possible = seen.entropy
    return {
        "log_prob_error": max(_log_prob_error(space, seen, temperature), float(np.max(np.abs(seen.log_ratio)))),
        **_advantages(config, seen),
        "done_mismatch": float(np.sum(ends != stored_ends) / max(np.sum(ends | stored_ends), 1)),
        "forward_noise": float(np.median(seen.noise)),
        "normaliser_still": float(seen.still),
        "stored_action_error": float(np.mean(_differs(seen.executed, real.executed))),
        "stored_action_tied": recomputed.tied(_flat_rows(seen.stored.action)) if isinstance(space, Box) else 0.0,
        "transition_gap_frac": _gaps(seen.stored.obs, real.following, ends),
        "reward_misaligned_frac": misaligned(seen),
        "shape_mismatch": float(np.any(seen.crossed)),
        "obs_aliased_frac": float(np.mean(_any_differs(seen.stored.obs, real.view.obs))),
        "gradient_missing_frac": _missing(learner.model, seen.should, seen.pulled),
        "optimiser_missing_frac": _missing(learner.model, seen.should, seen.moved),
        "policy_gradient_cosine": float(seen.policy_gradient[0]),
        "policy_gradient_scale": float(seen.policy_gradient[1]),
        "entropy_step": float(gain) if possible else float("nan"),
    }


def gather(config: Config, parts: Parts, env: AbstractEnv, learner: Learner) -> Evidence:
    """One update as the learner would make it, with the witness in its environment."""
    learner = parts.resume(config, learner)
    staged = schedule.staged(config.curriculum, env, learner.controls.update / config.n_updates)
    _, key_rollout, _ = jax.random.split(learner.key, 3)
    k, model, norms = parts.knobs(config, learner.controls), learner.model, learner.norms
    worlds = learner.worlds._replace(state=(learner.worlds.state, learner.worlds.view))
    _, raw, _ = rollout.collect(config, Witness(staged), model, norms, worlds, key_rollout, k.temperature, parts.act)
    account: Account = raw.reward_terms[MARK]  # type: ignore[assignment]
    raw = raw._replace(reward_terms={name: x for name, x in raw.reward_terms.items() if name != MARK})
    stored = parts.store(config, raw)
    norms, _, learned = ppo.scaled(config, parts, norms, learner.worlds, stored)
    batch = ppo.batched(config, parts, env.space, model, norms, learned, k.temperature)
    flat = jax.tree.map(lambda x: x.reshape(-1, *x.shape[2:]), stored.obs)
    bounded = jax.vmap(jax.vmap(lambda a: distribution.to_env(env.space, a, config.network.squash)))
    following = jax.vmap(lambda obs: rollout.values(config, model, norms, obs))(account.following)
    return Evidence(
        account,
        raw.log_prob,
        stored,
        learned.reward,
        model.act(rollout.see(config, norms, flat)),
        bounded(stored.action),
        following,
        batch,
        parts.policy(config, env.space, model, norms, batch, k)[3],
        _crossed(config, parts, env.space, model, norms, measure.probe_rows(batch, NUDGED_ROWS), k),
        _noise(config, parts, env.space, model, norms, measure.probe_rows(batch, NUDGED_ROWS), k),
        _still(config, parts, learner.norms, batch),
        *_movable(config, parts, env.space, learner._replace(norms=norms), batch, k),
        _policy_gradient(config, parts, env.space, model, norms, measure.probe_rows(batch), k),
        _entropy(config, parts, env.space, model, norms, measure.probe_rows(batch), k),
    )


_gather = jax.jit(gather, static_argnums=(0, 1))


def _crossed(
    config: Config, parts: Parts, space: Space, model: ActorCritic, norms: Norms, batch: Batch, k: Knobs
) -> Array:
    """Whether surrogate and value error of other rows answer to one row's advantage and target as that row does.

    The advantage moves by little of its spread, so that standardising inside the surrogate, which couples all rows by
    one part in their number, does not count; the target by much, else its own row may hardly answer.
    """

    def rows(batch: Batch) -> Array:
        surrogate = parts.policy(config, space, model, norms, batch, k)[0]
        return jnp.stack([surrogate, parts.value(config, model, norms, batch, k)[0]])

    little, much = 0.1 * jnp.std(batch.advantage) + 1e-6, 10.0 * (1.0 + jnp.std(batch.target))
    nudged = batch._replace(advantage=batch.advantage.at[0].add(little), target=batch.target.at[0].add(much))
    before, after = rows(batch), rows(nudged)
    answer = jnp.abs(after - before)
    others = jnp.where(answer > TOLERANCE * jnp.abs(before), answer, 0.0)[:, 1:]
    return jnp.max(others, axis=1) > 0.5 * answer[:, 0]


def _noise(
    config: Config, parts: Parts, space: Space, model: ActorCritic, norms: Norms, batch: Batch, k: Knobs
) -> Array:
    """By row: difference between its log-probability in the batch, and in a batch that holds every row twice."""
    twice = jax.tree.map(lambda x: jnp.concatenate([x, x]), batch)
    one, other = (parts.policy(config, space, model, norms, rows, k)[3] for rows in (batch, twice))
    return jnp.abs(one - other[: len(one)])


def _still(config: Config, parts: Parts, norms: Norms, batch: Batch) -> Array:
    """1 if rows beside all earlier ones leave a running statistic's mean as it was, 0 if not, NaN if none is in use."""
    used = [
        moments
        for moments, on in (
            (norms.obs, config.normalize_obs),
            (norms.reward, config.normalize_reward),
            (norms.target, config.normalize_targets),
        )
        if on
    ]
    rows = batch.target.shape[0]
    kept = [jnp.all(parts.merge(old, jnp.tile(old.mean + 1.0, (rows, 1))).mean == old.mean) for old in used]
    return 1.0 * jnp.any(jnp.stack(kept)) if kept else jnp.full((), jnp.nan)


def _movable(
    config: Config, parts: Parts, space: Space, learner: Learner, batch: Batch, k: Knobs
) -> tuple[ActorCritic, ActorCritic, ActorCritic]:
    """Of every tensor: whether it has a gradient by rights, whether the learner's has one, whether a step moves it."""
    model, norms = learner.model, learner.norms
    rows = jax.tree.map(lambda x: x[: config.batch_size], batch)
    config = replace(config, grad_chunks=1)
    right = epochs.gradient(config, space, model, norms, rows, k)[0]
    own = epochs.gradient(config, space, model, norms, rows, k, parts.terms)[0]
    least = 1e-5 * measure.norm(right)
    large = k._replace(learning_rate=jnp.maximum(1.0, 1e5 * config.adam_eps))
    after, _ = parts.step(config, model, learner.optimiser, own, measure.norm(own), large)
    should = jax.tree.map(lambda g: jnp.max(jnp.abs(g), initial=0.0) > least, right)
    pulled = jax.tree.map(lambda g: jnp.any(g != 0.0), own)
    return should, pulled, jax.tree.map(lambda a, b: jnp.any(a != b), model, after)


def _policy_gradient(
    config: Config, parts: Parts, space: Space, model: ActorCritic, norms: Norms, batch: Batch, k: Knobs
) -> Array:
    """(cosine, ratio of lengths) of the surrogate's gradient, the learner's and the right one; NaN where that is 0."""

    def flat(terms: Terms) -> Array:
        centred = batch.advantage - jnp.mean(batch.advantage)  # an offset is no fault, but turns small samples
        rows = batch._replace(advantage=terms.standardise(centred) if config.normalize_advantage else centred)
        gradient = jax.grad(lambda m: jnp.mean(terms.policy(config, space, m, norms, rows, k)[0]))(model)
        return measure.flat((gradient.actor, gradient.log_std))

    own, right = flat(parts.terms), flat(TERMS)
    size = jnp.linalg.norm(right)
    scale = measure.ratio(jnp.linalg.norm(own), jnp.where(size > NO_GRADIENT, size, 0.0))
    cosine = own @ right / jnp.maximum(jnp.linalg.norm(own) * size, NO_GRADIENT**2)
    return jnp.stack([jnp.where(jnp.isnan(scale), jnp.nan, jnp.where(scale > 1e-4, cosine, 0.0)), scale])


def _entropy(
    config: Config, parts: Parts, space: Space, model: ActorCritic, norms: Norms, batch: Batch, k: Knobs
) -> Array:
    """(change of the mean entropy by a small step on the learner's entropy term, 1 if it can change by rights).

    To first order: where inputs are large, no step is small. The weights are shaken before: at a uniform policy the
    entropy has no gradient.
    """
    config = replace(config, entropy_jump_clip=None)  # which would hide the shaken policy's entropy
    flat, shape = ravel_pytree(model)
    shaken = shape(flat + 0.3 * jax.random.normal(jax.random.key(0), flat.shape))

    def entropy(model: ActorCritic) -> Array:
        return jnp.mean(HEALTHY.policy(config, space, model, norms, batch, k)[1])

    def bonus(model: ActorCritic) -> Array:
        return jnp.mean(parts.policy(config, space, model, norms, batch, k)[2])

    right, uphill = measure.flat(jax.grad(entropy)(shaken)), measure.flat(jax.grad(bonus)(shaken))
    size = jnp.linalg.norm(uphill)
    gain = STEP * right @ jnp.where(size > 0, uphill / jnp.where(size > 0, size, 1.0), 0.0)
    return jnp.stack([gain, 1.0 * (jnp.linalg.norm(right) > 1e-4)])


def _columns(stored: np.ndarray, collected: np.ndarray) -> np.ndarray:
    """For each stored column the one it was collected in: keeping environments in another order is no fault."""
    names = [column.tobytes() for column in collected.T]
    wanted = [column.tobytes() for column in stored.T]
    if len(set(names)) < len(names) or set(names) != set(wanted):
        return np.arange(len(names))
    return np.array([names.index(name) for name in wanted])


def _differs(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Rows [t, rows] whose numbers differ by more than float error; NaN equals NaN."""
    same = np.isclose(one, other, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True)
    return np.asarray(~same.all(axis=tuple(range(2, same.ndim))))


def _any_differs(one: Any, other: Any) -> np.ndarray:
    """The same over all leaves of two trees."""
    pairs = zip(jax.tree.leaves(one), jax.tree.leaves(other), strict=True)
    return functools.reduce(np.logical_or, (_differs(a, b) for a, b in pairs))


def _gaps(obs: Any, following: Any, ends: np.ndarray) -> float:
    """Share of the rows, ends and the last step left out, after which the rollout does not go on with what followed."""
    gaps = _any_differs(jax.tree.map(lambda x: x[1:], obs), jax.tree.map(lambda x: x[:-1], following))
    return float(gaps[~ends[:-1]].mean()) if (~ends[:-1]).any() else float("nan")


def _log_prob_error(space: Space, seen: Evidence, temperature: float) -> float:
    """Largest difference [nats] between stored log-probabilities and those of the stored actions by definition."""
    out, action = np.asarray(seen.heads.out, np.float64), seen.batch.action
    if isinstance(space, Box):
        std = temperature * np.exp(np.asarray(seen.heads.log_std, np.float64))
        z = (action - out) / std
        log_prob = np.sum(-0.5 * z**2 - np.log(std) - 0.5 * np.log(2 * np.pi), axis=-1)
    else:
        sizes = (space.n,) if isinstance(space, Discrete) else space.sizes
        choices = action.reshape(len(out), len(sizes))
        cuts = np.cumsum(sizes)[:-1]
        parts = zip(np.split(out, cuts, axis=1), np.split(seen.batch.mask, cuts, axis=1), choices.T, strict=True)
        log_prob = sum(_categorical(logits / temperature, mask, chosen) for logits, mask, chosen in parts)
    return float(np.max(np.abs(log_prob - seen.batch.log_prob)))


def _categorical(logits: np.ndarray, mask: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """log p(chosen) of a masked softmax, row by row."""
    logits = np.where(mask, logits, -np.inf)
    top = logits.max(axis=1)
    total = top + np.log(np.sum(np.exp(logits - top[:, None]), axis=1))
    return np.maximum(logits[np.arange(len(logits)), chosen], -1e9) - total


def _advantages(config: Config, seen: Evidence) -> dict[str, float]:
    """Largest difference of advantages and critic targets from recomputed ones [sd], and where the advantages differ.

    From stored values, ends and rewards as learned from; what follows an end or the rollout is the witness's. Where
    advantages are standardised later, any scale and offset is right.
    """
    value = np.asarray(seen.stored.value, np.float64)
    following = np.concatenate([value[1:], seen.following[-1:]])
    following = np.where(seen.stored.truncated, seen.following, following)
    facts = recomputed.Facts(seen.reward, value, following, seen.stored.terminated, seen.stored.truncated)
    decays = [targets.trace_decay(name, config.gae_lambda) for name in (config.policy_target, config.critic_target)]
    right, critic = (recomputed.advantages(facts, config.gamma, decay) for decay in decays)
    used = np.asarray(seen.batch.advantage, np.float64).reshape(right.shape)
    error = _gae_error(config, right, critic + value, used, seen.batch.target.reshape(right.shape))
    where = recomputed.errors(facts, config.gamma, decays[0], used)
    if error <= recomputed.TOLERANCE:
        where = {name: min(x, 0.0) for name, x in where.items()}  # right but for scale and offset
    return {"gae_error": error, "discount_in_use": recomputed.discount(facts, used), **where}


def _gae_error(config: Config, right: np.ndarray, critic: np.ndarray, used: np.ndarray, target: np.ndarray) -> float:
    """Largest difference [sd of the right advantage]; NaN if that is constant."""
    spread = right.std()
    if spread <= TOLERANCE * max(1.0, np.abs(critic - right).max()):
        return float("nan")
    if config.normalize_advantage and used.std() > 0:
        used = (used - used.mean()) / used.std() * spread + right.mean()
    return float(max(np.abs(used - right).max(), np.abs(target - critic).max()) / spread)


def _flat_rows(x: np.ndarray) -> np.ndarray:
    """[t, rows, d] as [t * rows, d]."""
    return x.reshape(x.shape[0] * x.shape[1], -1)


def _missing(model: ActorCritic, should: ActorCritic, moved: ActorCritic) -> float:
    """Share of the parameters in tensors that have a gradient by rights and are not moved."""
    rows = [(x.size, s and not m) for x, s, m in zip(*map(jax.tree.leaves, (model, should, moved)), strict=True)]
    return sum(size for size, missing in rows if missing) / sum(size for size, _ in rows)
