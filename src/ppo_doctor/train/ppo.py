"""Proximal policy optimisation (Schulman et al. 2017): `init`, `update`, `train`.

`update` is the unit of compilation: one rollout and its epochs, pure and jitted. Seeds are `vmap(update)`; logging,
checkpoints and early stop are the caller's `for` loop around `train` (measured: the Python loop costs nothing).
"""

from __future__ import annotations

import functools
import time
from collections.abc import Iterator
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Key

from ppo_doctor.errors import UserError
from ppo_doctor.train import distribution, epochs, measure, memory, normalise, policy, rollout, schedule, targets
from ppo_doctor.train.config import Config
from ppo_doctor.train.env import AbstractEnv, Space
from ppo_doctor.train.epochs import Record
from ppo_doctor.train.learner import HEALTHY, Controls, Learner, Parts
from ppo_doctor.train.learner import knobs as knobs
from ppo_doctor.train.loss import Batch, Knobs, Terms
from ppo_doctor.train.policy import ActorCritic, Tower
from ppo_doctor.train.rollout import Episodes, Norms, Rollout, Worlds

Stats = dict[str, Array]


class Signals(eqx.Module):
    """All signals of one update as one vector: seventy separate outputs would cost as much as computing them."""

    values: Float[Array, "*batch signals"]
    names: tuple[str, ...] = eqx.field(static=True)
    probed: tuple[str, ...] = eqx.field(static=True)
    """Those measured only every `probe_every` updates; NaN in between."""

    def __getitem__(self, name: str) -> Float[Array, "*batch"]:
        return self.values[..., self.names.index(name)]


def _pack(stats: Stats, probed: Stats) -> Signals:
    every = {**stats, **probed}
    return Signals(jnp.stack([x.astype(jnp.float32) for x in every.values()]), tuple(every), tuple(probed))


COUNTS = ("n_envs", "n_steps", "batch_size", "n_epochs", "grad_chunks", "probe_every", "stagnation_window")
POSITIVE = ("max_grad_norm", "clip_range_vf", "entropy_jump_clip", "target_kl", "target_kl_factor", "pulse_temperature")
NOT_NEGATIVE = ("critic_learning_rate", "adam_eps", "vf_coef")
SIGNS: dict[str, Any] = {
    "learning_rate": "not negative", "clip_coef": "not negative", "ent_coef": "any", "temperature": "above 0",
}  # fmt: skip


def check(config: Config, num_agents: int = 1) -> None:
    """Raise `UserError` for settings that cannot work."""
    rows = config.rollout_rows * num_agents
    for name in COUNTS:
        if getattr(config, name) < 1:
            raise UserError(f"{name} must be at least 1")
    for name in POSITIVE:
        if (value := getattr(config, name)) is not None and not value > 0:
            raise UserError(f"{name} must be above 0")
    for name in NOT_NEGATIVE:
        if not getattr(config, name) >= 0:
            raise UserError(f"{name} must not be negative")
    if not (0 <= config.gamma <= 1 and 0 <= config.gae_lambda <= 1):
        raise UserError("gamma and gae_lambda must be between 0 and 1")
    for name, sign in SIGNS.items():
        schedule.check(name, getattr(config, name), sign)
    policy.check(config.network)
    if rows % config.batch_size:
        raise UserError(
            f"batch_size {config.batch_size} must divide the rollout of {rows} rows (n_envs x n_steps x agents); "
            f"use a divisor such as {next(b for b in range(min(config.batch_size, rows), 0, -1) if rows % b == 0)}"
        )
    if config.batch_size % config.grad_chunks:
        raise UserError(f"grad_chunks {config.grad_chunks} must divide batch_size {config.batch_size}")
    if config.normalize_obs and config.network.kind != "mlp":
        raise UserError("normalize_obs needs a flat observation (network.kind mlp): item features come scaled")


def init(config: Config, env: AbstractEnv, seed: int) -> Learner:
    """A fresh learner. Deterministic in `seed`; weights are drawn on the host."""
    check(config, env.num_agents)
    memory.check(config, env)
    if config.curriculum:
        schedule.check_curriculum(config.curriculum, env)
    key_worlds, key = jax.random.split(jax.random.key(seed))
    env = schedule.staged(config.curriculum, env, jnp.zeros(()))
    worlds = jax.jit(rollout.begin, static_argnums=0)(config, env, key_worlds)
    one = jax.tree.map(lambda x: x[0], rollout.rows(env, worlds.view).obs)
    model = policy.build(config.network, env.space, one, seed)
    return fresh(config, model, worlds, key)


def fresh(config: Config, model: ActorCritic, worlds: Worlds, key: Key[Array, ""]) -> Learner:
    """A learner that has learned nothing yet."""
    if config.entropy_floor is not None and model.log_std.size:
        raise UserError("entropy_floor needs discrete actions: real ones have no largest entropy")
    width = model.critic.layers[0].weight.shape[0] if isinstance(model.critic, Tower) else 1
    norms = Norms(normalise.start(width), normalise.start(1), normalise.start(1))
    zero = jnp.zeros((), jnp.int32)
    controls = Controls(zero, zero, jnp.ones(()), jnp.ones(()), zero, zero)
    learner = Learner(model, epochs.begin(config, model), norms, worlds, key, controls)
    return jax.tree.map(jnp.copy, learner)  # no buffer twice: `update` donates them all


def scaled(config: Config, parts: Parts, norms: Norms, worlds: Worlds, seen: Rollout):
    """Reward scaling: divide by the running spread of the discounted return, whose statistics include this rollout."""
    if not config.normalize_reward:
        return norms, worlds, seen
    done = seen.terminated | seen.truncated
    past = jax.vmap(lambda r, d, s: targets.discounted_past(r, d, s, config.gamma), in_axes=(1, 1, 0), out_axes=(1, 0))
    series, last = past(seen.reward, done, worlds.discounted)
    moments = parts.merge(norms.reward, series.reshape(-1, 1))
    scale = normalise.scale(moments)
    terms = {name: x / scale for name, x in seen.reward_terms.items()}
    divided = seen._replace(reward=jnp.clip(seen.reward / scale, -10.0, 10.0), reward_terms=terms)
    last = jnp.where(jnp.isfinite(last), last, 0.0)  # else one bad reward refuses every update of its episode
    return norms._replace(reward=moments), worlds._replace(discounted=last), divided


def batched(
    config: Config, parts: Parts, space: Space, model: ActorCritic, norms: Norms, seen: Rollout, temperature: Array
) -> Batch:
    """The rollout as rows with their targets."""
    advantage, target = parts.estimate(config, seen)
    rows_n = seen.reward.size  # not -1: the mask of a real action has width 0
    flat = jax.tree.map(lambda x: x.reshape(rows_n, *x.shape[2:]), seen)
    entropy = jnp.zeros(flat.log_prob.shape)
    if config.entropy_jump_clip is not None:
        heads = model.act(rollout.see(config, norms, flat.obs))
        entropy = distribution.evaluate(space, heads, flat.mask, flat.action, temperature)[1]
    rows = (flat.obs, flat.mask, flat.action, flat.log_prob, flat.value)
    return Batch(*rows, advantage.reshape(-1), target.reshape(-1), entropy)


def _controls(config: Config, controls: Controls, stats: Stats, refused: Array) -> Controls:
    """Counters on, adaptive coefficients adjusted."""
    kl_coef, boost = controls.kl_coef, controls.entropy_boost
    if config.target_kl is not None and config.target_kl_mode == "penalty":
        kl = stats["approx_kl_mean"]
        kl_coef = jnp.where(kl > 1.5 * config.target_kl, 2.0 * kl_coef, kl_coef)
        kl_coef = jnp.clip(jnp.where(kl < config.target_kl / 1.5, 0.5 * kl_coef, kl_coef), 1e-4, 1e4)
    if config.entropy_floor is not None:  # a probed signal: NaN between probes leaves the boost as it is
        low = stats["entropy_frac"] < config.entropy_floor
        moved = jnp.clip(jnp.where(low, 2.0 * boost, 0.5 * boost), 1.0, 1024.0)
        boost = jnp.where(jnp.isnan(stats["entropy_frac"]), boost, moved)
    return Controls(
        controls.update + 1,
        controls.gradient_steps + jnp.where(refused, 0, stats["gradient_steps"]).astype(jnp.int32),
        kl_coef,
        boost,
        jnp.maximum(controls.pulse_left - 1, 0),
        jnp.where(refused, controls.refusals + 1, 0),
    )


def update_one(config: Config, env: AbstractEnv, learner: Learner, parts: Parts = HEALTHY) -> tuple[Learner, Signals]:
    """One rollout and its gradient steps, un-jitted (for `vmap` over learners)."""
    learner = parts.resume(config, learner)
    staged = schedule.staged(config.curriculum, env, learner.controls.update / config.n_updates)
    key, key_rollout, key_epochs = jax.random.split(learner.key, 3)
    temperature = parts.knobs(config, learner.controls).temperature
    worlds, seen, ended = rollout.collect(
        config, staged, learner.model, learner.norms, learner.worlds, key_rollout, temperature, parts.act
    )
    learner, seen = learner._replace(key=key, worlds=worlds), parts.store(config, seen)
    return learn(config, env.space, learner, seen, ended, key_epochs, parts)


def learn(
    config: Config,
    space: Space,
    learner: Learner,
    raw: Rollout,
    ended: Episodes,
    key: Key[Array, ""],
    parts: Parts = HEALTHY,
) -> tuple[Learner, Signals]:
    """Gradient steps on a rollout, wherever it was collected. An update with any non-finite number is refused: weights,
    optimiser and statistics stay as before, and the counts say which tensor it was."""
    k, model, norms = parts.knobs(config, learner.controls), learner.model, learner.norms
    norms, worlds, seen = scaled(config, parts, norms, learner.worlds, raw)
    batch = batched(config, parts, space, model, norms, seen, k.temperature)
    if config.clip_range_vf is not None:
        k = k._replace(value_reach=config.clip_range_vf * jnp.std(batch.target))
    if config.normalize_targets:
        moments = parts.merge(norms.target, batch.target[:, None], horizon=10.0 * batch.target.shape[0])
        model, norms = normalise.rescale_critic(model, norms.target, moments), norms._replace(target=moments)
    before = model
    model, state, stopped, records = epochs.run(
        config, space, before, learner.optimiser, norms, batch, k, key, parts.steps
    )
    stats = _stats(config, space, (before, model), (raw, seen), ended, batch, k, stopped, records)
    probed = _probe(config, parts.terms, space, before, model, norms, batch, k, learner.controls.update)
    if config.normalize_obs:
        norms = norms._replace(obs=parts.merge(norms.obs, batch.obs))
    stats |= measure.nonfinite(raw, batch.advantage, stats, model, norms)
    refused = stats["nonfinite_count"] > 0
    old, new = (learner.model, learner.optimiser, learner.norms), (model, state, norms)
    model, state, norms = jax.tree.map(lambda a, b: jnp.where(refused, a, b), old, new)
    controls = _controls(config, learner.controls, {**stats, **probed}, refused)
    stats |= {
        "refused": 1.0 * refused,
        "updates": controls.update,
        "gradient_steps": controls.gradient_steps,
        "optimiser_steps": epochs.remembered(state),
    }
    return Learner(model, state, norms, worlds, learner.key, controls), _pack(stats, probed)


def _stats(
    config: Config,
    space: Space,
    models: Any,
    seens: Any,
    ended: Any,
    batch: Batch,
    k: Knobs,
    stopped: Array,
    records: Record,
) -> Stats:
    """All signals of one update."""
    (old, new), (raw, seen) = models, seens
    stats = measure.steps(records.rows, records.grad_norm, config.max_grad_norm, records.measured)
    stats |= {
        "gradient_steps": jnp.sum(records.stepped),
        "epochs_run": jnp.sum(records.stepped) * config.batch_size / batch.log_prob.shape[0],
        "early_stopped": 1.0 * stopped,
        "learning_rate": k.learning_rate,
        "clip_coef_value": k.clip_coef,
        "ent_coef_value": k.ent_coef,
        "temperature": k.temperature,
        "kl_penalty_coef": k.kl_coef,
    }
    stats |= measure.episodes(raw, ended, config.rollout_rows, space)
    if config.signals:
        stats |= measure.ratios(records.log_ratio, k.clip_coef, records.measured)
        decay = targets.trace_decay(config.policy_target, config.gae_lambda)
        advantage = batch.advantage.reshape(seen.reward.shape)
        stats |= measure.critic(batch.value, batch.target, batch.advantage)
        stats |= measure.reward_terms(raw, seen, advantage, config.gamma, decay)
        before, after = measure.flat(old), measure.flat(new)
        stats["update_ratio"] = measure.ratio(jnp.linalg.norm(after - before), jnp.linalg.norm(before))
    return stats


def _probe(
    config: Config,
    terms: Terms,
    space: Space,
    old: ActorCritic,
    new: ActorCritic,
    norms: Norms,
    batch: Batch,
    k: Knobs,
    index: Array,
) -> Stats:
    """The signals that need extra passes over the networks, every `probe_every` updates; NaN in between."""
    if not (config.signals or config.entropy_floor is not None):
        return {}

    def measured() -> Stats:
        rows = measure.probe_rows(batch)
        return {
            **measure.gradients(config, space, old, norms, rows, k, terms),
            **measure.features(config, new, norms, rows),
            **measure.policy(config, space, old, new, norms, rows, k),
        }

    if config.probe_every == 1:
        return measured()
    absent = jax.tree.map(lambda s: jnp.full(s.shape, jnp.nan, s.dtype), jax.eval_shape(measured))
    return jax.lax.cond(index % config.probe_every == 0, measured, lambda: absent)


COMPILER: dict[str, Any] = {"xla_cpu_prefer_vector_width": 512}
"""Of every compiled update. XLA keeps to 256 bits by default: 1.12 times slower on small minibatches (measured on a CPU
with AVX-512; without effect elsewhere)."""

update = functools.partial(jax.jit, static_argnums=(0, 3), donate_argnums=2, compiler_options=COMPILER)(update_one)
"""`update_one`, compiled; the learner passed in is consumed."""

MAX_REFUSALS = 3


def flatten(config: Config, index: int, signals: Signals) -> dict[str, float]:
    """The signals of update `index` (counted from 0) as plain numbers; what was not probed is absent, not NaN."""
    absent = signals.probed if index % config.probe_every else ()
    values = np.asarray(signals.values).tolist()
    return {name: x for name, x in zip(signals.names, values, strict=True) if name not in absent}


def train(
    config: Config, env: AbstractEnv, seed: int = 0, learner: Learner | None = None, parts: Parts = HEALTHY
) -> Iterator[tuple[Learner, dict[str, float]]]:
    """Yield (learner, signals) after every update until `total_steps`; continue from `learner` if given. parts: what
    the learner is made of.

    The yielded learner is consumed by the next update: to keep one, copy it. Stops with `UserError` after
    `MAX_REFUSALS` refused updates in a row.
    """
    now = init(config, env, seed) if learner is None else learner
    rows = config.rollout_rows
    for done in range(int(now.controls.update), config.n_updates):
        begin = time.perf_counter()
        now, packed = update(config, env, now, parts)
        signals = flatten(config, done, packed)
        signals |= {"env_steps": float((done + 1) * rows), "steps_per_second": rows / (time.perf_counter() - begin)}
        yield now, signals
        stop_if_refused(now, signals)


def stop_if_refused(learner: Learner, signals: dict[str, float]) -> None:
    """Raise `UserError` after `MAX_REFUSALS` refused updates in a row, naming the tensor that went wrong first."""
    if signals["refused"] and int(learner.controls.refusals) >= MAX_REFUSALS:
        culprits = [n.removeprefix("nonfinite/") for n, x in signals.items() if n.startswith("nonfinite/") and x > 0]
        raise UserError(
            f"{MAX_REFUSALS} updates in a row had non-finite numbers, first in {culprits[0]}; "
            "nothing was learned from them: check that tensor's source, or lower the learning rate"
        )
