"""The signals of an update against NumPy written out from their definitions in `ppo_doctor.signals`."""

from __future__ import annotations

import dataclasses

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from ppo_doctor.train import loss, measure, policy
from ppo_doctor.train.config import Config, Network
from ppo_doctor.train.env import Box, Discrete, MultiDiscrete
from ppo_doctor.train.loss import Batch, Knobs
from ppo_doctor.train.rollout import Norms, Rollout

ROWS, CONFIG, NORMS = 40, Config(network=Network(actor=(8,), critic=(8,))), Norms(None, None, None)
KNOBS = Knobs(*(jnp.asarray(x, jnp.float32) for x in (1e-3, 0.2, 0.05, 1.0, 1.0)))

policy_signals = jax.jit(measure.policy, static_argnums=(0, 1))
gradient_signals = jax.jit(measure.gradients, static_argnums=(0, 1))
feature_signals = jax.jit(measure.features, static_argnums=0)
loss_gradient = jax.jit(jax.grad(loss.loss, has_aux=True), static_argnums=(1, 2))


def make(space, seed):
    """An actor-critic with a decided policy."""
    model = policy.build(CONFIG.network, space, jnp.zeros(4), seed)
    return eqx.tree_at(lambda m: m.actor.layers[-1].weight, model, replace_fn=lambda w: 150.0 * w)


def rows(space, actions):
    """A batch of random observations; a quarter of the rows leaves one legal action only."""
    rng = np.random.default_rng(5)
    mask = rng.random((ROWS, 4)) < 0.7
    mask[:, 1] = True
    mask[:10] = [False, True, False, False]
    action = np.array([rng.choice(np.flatnonzero(m)) for m in mask]) if actions is None else actions(rng)
    if not isinstance(space, Discrete):
        mask = np.ones((ROWS, 5 if isinstance(space, MultiDiscrete) else 0), bool)
    normal = lambda *shape: jnp.asarray(rng.normal(size=(ROWS, *shape)), jnp.float32)  # noqa: E731
    log_prob, value, advantage, target = -jnp.abs(normal()), normal(), normal(), normal()
    obs = normal(4)
    return Batch(obs, jnp.asarray(mask), jnp.asarray(action), log_prob, value, advantage, target, jnp.zeros(ROWS))


def softmax(logits, mask):
    """Probabilities over legal actions in float64."""
    z = np.where(mask, np.asarray(logits, np.float64), -np.inf)
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def entropy(p):
    return -np.sum(np.where(p > 0, p * np.log(np.where(p > 0, p, 1)), 0), axis=-1)


def test_policy_signals_of_masked_choices():
    old, new, batch = make(Discrete(4), 0), make(Discrete(4), 1), rows(Discrete(4), None)
    ours = policy_signals(CONFIG, Discrete(4), old, new, NORMS, batch, KNOBS)
    mask = np.asarray(batch.mask)
    before, after = (softmax(m.act(batch.obs).out, mask) for m in (old, new))
    free = mask.sum(axis=1) > 1
    assert (~free).sum() >= 10
    greedy = after.argmax(axis=1)
    expected = {
        "entropy_frac": np.mean(entropy(before)[free] / np.log(mask.sum(axis=1)[free])),
        "mutual_information": entropy(after.mean(axis=0)) - entropy(after).mean(),
        "policy_churn": np.mean((greedy != before.argmax(axis=1))[free]),
        "action_share_greedy_max": np.bincount(greedy, minlength=4).max() / ROWS,
        "action_share_sampled_max": np.bincount(batch.action, minlength=4).max() / ROWS,
    }
    expected |= {f"action_share_greedy/{k}": np.mean(greedy == k) for k in range(4)}
    expected |= {f"action_share_sampled/{k}": np.mean(np.asarray(batch.action) == k) for k in range(4)}
    assert set(ours) == set(expected)
    for name, value in expected.items():
        assert float(ours[name]) == pytest.approx(value, abs=1e-5), name
    assert 0.1 < expected["policy_churn"] < 0.9
    assert expected["mutual_information"] > 0.01


def test_policy_signals_of_parts_and_of_real_actions():
    parts = MultiDiscrete((2, 3))
    batch = rows(parts, lambda rng: np.stack([rng.integers(0, 2, ROWS), rng.integers(0, 3, ROWS)], axis=1))
    old, new = make(parts, 0), make(parts, 1)
    ours = policy_signals(CONFIG, parts, old, new, NORMS, batch, KNOBS)
    free = np.ones((ROWS, 5), bool)
    p = [softmax(new.act(batch.obs).out[:, part], free[:, part]) for part in (slice(0, 2), slice(2, 5))]
    h = [softmax(old.act(batch.obs).out[:, part], free[:, part]) for part in (slice(0, 2), slice(2, 5))]
    information = sum(entropy(x.mean(axis=0)) - entropy(x).mean() for x in p)
    assert float(ours["mutual_information"]) == pytest.approx(information, abs=1e-5)
    assert float(ours["entropy_frac"]) == pytest.approx(np.mean(sum(map(entropy, h)) / np.log(6)), abs=1e-5)
    changed = np.any([a.argmax(1) != b.argmax(1) for a, b in zip(p, h, strict=True)], axis=0)
    assert float(ours["policy_churn"]) == pytest.approx(changed.mean(), abs=1e-6)
    assert float(ours["action_share_sampled/3"]) == pytest.approx(np.mean(np.asarray(batch.action)[:, 1] == 1))
    box = Box((-1.0, -1.0), (1.0, 1.0))
    model = eqx.tree_at(lambda m: m.log_std, make(box, 0), jnp.array([0.5, -1.5]))
    real = rows(box, lambda rng: rng.normal(size=(ROWS, 2)).astype(np.float32))
    assert float(policy_signals(CONFIG, box, model, model, NORMS, real, KNOBS)["log_std_mean"]) == -0.5


def test_a_policy_blind_to_its_state_has_no_mutual_information_and_a_sure_one_no_entropy():
    batch = rows(Discrete(4), None)._replace(mask=jnp.ones((ROWS, 4), bool))
    blind = eqx.tree_at(lambda m: m.actor.layers[-1].weight, make(Discrete(4), 0), replace_fn=jnp.zeros_like)
    stats = policy_signals(CONFIG, Discrete(4), blind, blind, NORMS, batch, KNOBS)
    assert float(stats["mutual_information"]) == pytest.approx(0, abs=1e-6)
    assert float(stats["entropy_frac"]) == pytest.approx(1, abs=1e-6)
    assert stats["policy_churn"] == 0
    sure = eqx.tree_at(lambda m: m.actor.layers[-1].bias, blind, jnp.array([0.0, 50.0, 0.0, 0.0]))
    stats = policy_signals(CONFIG, Discrete(4), sure, sure, NORMS, batch, KNOBS)
    assert float(stats["entropy_frac"]) == pytest.approx(0, abs=1e-6)
    assert stats["action_share_greedy/1"] == stats["action_share_greedy_max"] == 1


def test_signals_without_a_single_choice_are_unknown_not_healthy():
    forced = rows(Discrete(4), None)
    forced = forced._replace(mask=jnp.zeros((ROWS, 4), bool).at[:, 1].set(True))
    model = make(Discrete(4), 0)
    stats = policy_signals(CONFIG, Discrete(4), model, model, NORMS, forced, KNOBS)
    assert np.isnan(stats["entropy_frac"])
    assert np.isnan(stats["policy_churn"])


def test_critic_signals():
    rng = np.random.default_rng(0)
    target = rng.normal(10, 3, 200)
    value, advantage = target + rng.normal(1.5, 1, 200), rng.normal(size=200)
    ours = measure.critic(*(jnp.asarray(x, jnp.float32) for x in (value, target, advantage)))
    error = target - value
    expected = {
        "explained_variance": 1 - error.var() / target.var(),
        "r2": 1 - np.mean(error**2) / target.var(),
        "value_bias": np.mean(value - target),
        "value_mean": value.mean(),
        "return_mean": target.mean(),
        "return_std": target.std(),
        "advantage_mean": advantage.mean(),
        "advantage_std": advantage.std(),
        "advantage_min": advantage.min(),
        "advantage_max": advantage.max(),
    }
    assert set(ours) == set(expected)
    for name, x in expected.items():
        assert float(ours[name]) == pytest.approx(x, rel=1e-4, abs=1e-5), name
    assert expected["explained_variance"] > expected["r2"] + 0.1  # the offset that only R2 sees
    flat = measure.critic(jnp.ones(8), jnp.ones(8), jnp.zeros(8))
    assert np.isnan(flat["explained_variance"])


def test_gradient_norms_of_the_loss_terms_equal_whole_gradients():
    """Switching the other terms off in the whole loss leaves each term's own gradient."""
    space, batch, model = Discrete(4), rows(Discrete(4), None), make(Discrete(4), 0)
    half = batch._replace(advantage=loss.standardised(batch.advantage))
    ours = gradient_signals(CONFIG, space, model, NORMS, batch, KNOBS)

    def grad(part, vf_coef, ent_coef):
        settings, k = dataclasses.replace(CONFIG, vf_coef=vf_coef), KNOBS._replace(ent_coef=jnp.asarray(ent_coef))
        return loss_gradient(model, settings, space, NORMS, part, k)[0]

    size = lambda tree: float(np.sqrt(sum(np.sum(np.square(x)) for x in jax.tree.leaves(tree))))  # noqa: E731
    assert float(ours["grad_norm_policy"]) == pytest.approx(size(grad(half, 0.0, 0.0).actor), rel=1e-4)
    assert float(ours["grad_norm_value"]) == pytest.approx(size(grad(half, 0.5, 0.0).critic), rel=1e-4)
    quiet = half._replace(advantage=jnp.zeros(ROWS))
    assert float(ours["grad_norm_entropy"]) == pytest.approx(size(grad(quiet, 0.0, 0.05).actor), rel=1e-4)
    first, second = (grad(jax.tree.map(lambda x, i=i: x[i : i + 20], half), 0.0, 0.0).actor for i in (0, 20))
    dot = sum(np.sum(a * b) for a, b in zip(*map(jax.tree.leaves, (first, second)), strict=True))
    assert float(ours["half_batch_cosine"]) == pytest.approx(float(dot) / size(first) / size(second), abs=1e-4)


def test_two_equal_halves_have_cosine_one():
    batch = jax.tree.map(lambda x: jnp.concatenate([x[:20], x[:20]]), rows(Discrete(4), None))
    stats = gradient_signals(CONFIG, Discrete(4), make(Discrete(4), 0), NORMS, batch, KNOBS)
    assert float(stats["half_batch_cosine"]) == pytest.approx(1, abs=1e-4)


def test_dormant_units_and_effective_rank():
    """Of eight hidden units three are switched off, and the others are copies of two."""
    model, batch = make(Discrete(4), 0), rows(Discrete(4), None)
    weight = np.zeros((4, 8), np.float32)
    weight[0, :3], weight[1, 3:5] = 0.02, 0.02  # small, but dormant is what is small beside the others
    layers = lambda m: (m.actor.layers[0].weight, m.actor.layers[0].bias)  # noqa: E731
    model = eqx.tree_at(layers, model, (jnp.asarray(weight), jnp.zeros(8)))
    stats = feature_signals(CONFIG, model, NORMS, batch)
    hidden = np.tanh(np.asarray(batch.obs) @ weight)
    eigenvalues = np.linalg.eigvalsh(np.cov(hidden.T, bias=True))
    assert float(stats["dormant_frac"]) == pytest.approx(3 / 8)
    assert float(stats["effective_rank"]) == pytest.approx(eigenvalues.sum() ** 2 / (eigenvalues**2).sum(), rel=1e-4)
    assert 1.2 < float(stats["effective_rank"]) < 2.01


@pytest.mark.parametrize(("bias", "rank"), [(1.0, 0.0), (np.nan, np.nan)])
def test_units_that_never_vary_have_rank_zero_and_broken_ones_none(bias, rank):
    model, batch = make(Discrete(4), 0), rows(Discrete(4), None)
    layers = lambda m: (m.actor.layers[0].weight, m.actor.layers[0].bias)  # noqa: E731
    model = eqx.tree_at(layers, model, (jnp.zeros((4, 8)), jnp.full(8, bias)))
    assert float(feature_signals(CONFIG, model, NORMS, batch)["effective_rank"]) == pytest.approx(rank, nan_ok=True)


def test_shares_of_the_reward_terms_add_up_without_a_critic():
    """With V = 0 the advantage is the sum of the terms' own advantages: shares add to 1, by brute force each."""
    rng = np.random.default_rng(8)
    steps, columns, gamma, decay = 12, 3, 0.9, 0.8
    terms = {"big": rng.normal(size=(steps, columns)) * 3, "small": rng.normal(size=(steps, columns))}
    ends = rng.random((2, steps, columns)) < 0.15
    terminated, truncated = ends[0], ends[1] & ~ends[0]
    own = {}
    for name, x in terms.items():
        own[name] = np.zeros_like(x)
        for t in reversed(range(steps)):
            later = own[name][t + 1] if t + 1 < steps else 0.0
            own[name][t] = x[t] + gamma * decay * ~(terminated | truncated)[t] * later
    advantage = own["big"] + own["small"]
    columns_of = {name: jnp.asarray(x, jnp.float32) for name, x in terms.items()}
    seen = Rollout(*[jnp.zeros(1)] * 7, jnp.asarray(terminated), jnp.asarray(truncated), columns_of)
    ours = measure.reward_terms(seen, seen, jnp.asarray(advantage, jnp.float32), gamma, decay)
    for name, x in own.items():
        share = np.mean((x - x.mean()) * (advantage - advantage.mean())) / advantage.var()
        assert float(ours[f"reward_term_share/{name}"]) == pytest.approx(share, abs=1e-4)
        assert float(ours[f"reward_term/{name}"]) == pytest.approx(terms[name].mean(), abs=1e-5)
    assert sum(float(ours[f"reward_term_share/{name}"]) for name in terms) == pytest.approx(1, abs=1e-4)


def test_step_signals_reduce_over_the_minibatches_that_were_measured():
    names = list(loss.ROW_STATS)
    records = jnp.asarray(np.random.default_rng(1).random((5, len(names))), jnp.float32)
    records = records.at[3:].set(0.0)  # two were skipped by the KL stop
    measured, grads = jnp.array([1.0, 1.0, 1.0, 0.0, 0.0]), jnp.array([0.2, 0.9, 3.0, 0.0, 0.0])
    out = measure.steps(records, grads, 0.5, measured)
    seen = np.asarray(records[:3])
    column = {name: seen[:, k] for k, name in enumerate(names)}
    expected = {
        "pg_loss": column["pg_loss"].mean(),
        "v_loss": column["v_loss"].mean(),
        "entropy": column["entropy"].mean(),
        "approx_kl_last": column["kl_k3"][-1],
        "approx_kl_mean": column["kl_k3"].mean(),
        "approx_kl_max": column["kl_k3"].max(),
        "kl_k1_last": column["kl_k1"][-1],
        "kl_k1_mean": column["kl_k1"].mean(),
        "kl_k1_max": column["kl_k1"].max(),
        "grad_norm": grads[:3].mean(),
        "grad_norm_clipped": (0.2 + 0.5 + 0.5) / 3,
        "grad_clipped_frac": 2 / 3,
    }
    assert set(out) == set(expected)
    for name, x in expected.items():
        assert float(out[name]) == pytest.approx(float(x), rel=1e-5), name


def test_ratio_signals_equal_their_formulas_over_the_rows_that_were_measured():
    rng = np.random.default_rng(2)
    log_ratio = rng.normal(0, 0.3, (4, 50)).astype(np.float32)
    log_ratio[3] = 0.0  # skipped by the KL stop
    out = measure.ratios(jnp.asarray(log_ratio), jnp.asarray(0.2), jnp.array([1.0, 1.0, 1.0, 0.0]))
    r = np.exp(log_ratio[:3])
    assert float(out["clip_frac"]) == pytest.approx(np.mean(np.abs(r - 1) > 0.2), rel=1e-5)
    assert float(out["ratio_excess_high"]) == pytest.approx(r[r > 1.2].mean(), rel=1e-5)
    assert float(out["ratio_excess_low"]) == pytest.approx(r[r < 0.8].mean(), rel=1e-5)
    assert float(out["first_ratio_error"]) == pytest.approx(np.abs(r[0] - 1).max(), rel=1e-5)


def test_ratio_signals_are_unknown_where_no_ratio_left_the_range():
    out = measure.ratios(jnp.zeros((2, 8)), jnp.asarray(0.2), jnp.ones(2))
    assert float(out["clip_frac"]) == 0.0
    assert np.isnan(out["ratio_excess_high"])
    assert np.isnan(out["ratio_excess_low"])
