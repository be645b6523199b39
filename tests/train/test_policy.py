"""Networks: equivariance, padding, initial weights, and errors a user can act on."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from ppo_doctor.errors import UserError
from ppo_doctor.train import distribution, policy
from ppo_doctor.train.config import Network
from ppo_doctor.train.env import Box, Discrete

ITEMS, FEATURES, CONTEXT = 6, 5, 3


def observation(rng, items=ITEMS):
    return {
        "items": jnp.asarray(rng.normal(size=(FEATURES, items)), jnp.float32),
        "context": jnp.asarray(rng.normal(size=CONTEXT), jnp.float32),
    }


@pytest.fixture(params=["scorer", "attention"])
def item_model(request):
    """A network over items whose weights are not near zero anywhere, and an observation."""
    obs = observation(np.random.default_rng(0))
    model = policy.build(Network(request.param, (16, 8), (12,)), Discrete(ITEMS), obs, seed=1)
    rng = np.random.default_rng(2)
    shaken = jax.tree.map(lambda w: w + 0.3 * jnp.asarray(rng.normal(size=w.shape), jnp.float32), model)
    return request.param, shaken, obs


def test_permuted_items_permute_the_logits_and_keep_the_value(item_model):
    _, model, obs = item_model
    order = np.random.default_rng(3).permutation(ITEMS)
    permuted = obs | {"items": obs["items"][:, order]}
    logits = model.act(obs).out
    assert float(jnp.std(logits)) > 0.1
    np.testing.assert_allclose(model.act(permuted).out, logits[order], atol=1e-5)
    np.testing.assert_allclose(model.value(permuted), model.value(obs), atol=1e-5)


def test_padding_changes_nothing_at_any_window_size(item_model):
    _, model, obs = item_model
    for more in (1, 10):
        padded = obs | {"items": jnp.pad(obs["items"], ((0, 0), (0, more)))}
        np.testing.assert_allclose(model.act(padded).out[:ITEMS], model.act(obs).out, atol=1e-5)
        np.testing.assert_allclose(model.value(padded), model.value(obs), atol=1e-5)


def test_only_attention_lets_an_item_see_another(item_model):
    kind, model, obs = item_model
    other = obs | {"items": obs["items"].at[:, 0].add(1.0)}
    moved = np.abs(np.asarray(model.act(other).out - model.act(obs).out))
    assert moved[0] > 1e-3
    assert (moved[1:].max() > 1e-4) == (kind == "attention")
    assert abs(float(model.value(other) - model.value(obs))) > 1e-4


def test_the_context_and_every_item_reach_logits_and_value(item_model):
    _, model, obs = item_model
    for at in range(ITEMS):
        other = obs | {"items": obs["items"].at[:, at].multiply(1.5)}
        assert abs(float(model.act(other).out[at] - model.act(obs).out[at])) > 1e-4
        assert abs(float(model.value(other) - model.value(obs))) > 1e-5
    other = obs | {"context": obs["context"] + 1.0}
    assert float(jnp.abs(model.act(other).out - model.act(obs).out).min()) > 1e-4


def test_an_empty_window_is_finite(item_model):
    _, model, obs = item_model
    empty = obs | {"items": jnp.zeros_like(obs["items"])}
    assert np.all(np.isfinite(model.act(empty).out))
    assert np.isfinite(model.value(empty))


@pytest.mark.parametrize("kind", ["mlp", "scorer", "attention"])
def test_any_batch_axes_give_what_rows_give_one_by_one(kind):
    rng = np.random.default_rng(4)
    rows = [observation(rng) if kind != "mlp" else jnp.asarray(rng.normal(size=7), jnp.float32) for _ in range(6)]
    model = policy.build(Network(kind, (8, 8), (8,)), Discrete(ITEMS), rows[0], seed=0)
    stacked = jax.tree.map(lambda *x: jnp.stack(x).reshape(2, 3, *x[0].shape), *rows)
    one = [(model.act(x).out, model.value(x)) for x in rows]
    np.testing.assert_allclose(model.act(stacked).out.reshape(6, -1), jnp.stack([x for x, _ in one]), atol=1e-5)
    np.testing.assert_allclose(model.value(stacked).reshape(6), jnp.stack([v for _, v in one]), atol=1e-5)


def test_a_layer_has_the_gradients_of_a_matrix_product():
    rng = np.random.default_rng(6)
    x, weight, pull = (jnp.asarray(rng.normal(size=shape), jnp.float32) for shape in ((9, 4), (4, 3), (9, 3)))
    out, back = jax.vjp(policy.matmul, x, weight)
    np.testing.assert_allclose(out, np.asarray(x) @ np.asarray(weight), rtol=1e-5, atol=1e-6)
    by_x, by_weight = back(pull)
    np.testing.assert_allclose(by_x, np.asarray(pull) @ np.asarray(weight).T, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(by_weight, np.asarray(x).T @ np.asarray(pull), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("shape", [(8, 8), (4, 16), (16, 4)])
def test_orthogonal_weights_have_orthonormal_rows_or_columns_times_the_gain(shape):
    w = policy.orthogonal(np.random.default_rng(0), *shape, gain=2.0)
    assert w.shape == shape
    gram = w @ w.T if shape[0] <= shape[1] else w.T @ w
    np.testing.assert_allclose(gram, 4.0 * np.eye(min(shape)), atol=1e-5)


def test_a_fresh_policy_is_nearly_uniform_and_depends_on_nothing_but_the_seed():
    obs = jnp.ones(7)
    build = lambda seed: policy.build(Network(), Discrete(4), obs, seed)  # noqa: E731
    head = build(0).act(obs)
    p = distribution.probabilities(Discrete(4), head, jnp.ones(4, bool))
    np.testing.assert_allclose(p, 0.25, atol=0.02)
    jax.tree.map(np.testing.assert_array_equal, build(0), build(0))
    assert not np.allclose(build(0).actor.layers[0].weight, build(1).actor.layers[0].weight)
    assert not np.allclose(build(0).actor.layers[0].weight, build(0).critic.layers[0].weight)


def test_gaussian_heads_start_with_the_configured_spread():
    model = policy.build(Network(log_std=-0.7), Box((-1.0, -1.0), (1.0, 1.0)), jnp.zeros(3), seed=0)
    np.testing.assert_allclose(model.act(jnp.zeros((5, 3))).log_std, [-0.7, -0.7])
    assert policy.build(Network(), Discrete(2), jnp.zeros(3), seed=0).log_std.shape == (0,)


@pytest.mark.parametrize(
    ("network", "obs", "words"),
    [
        (Network("mlp"), {"items": jnp.zeros((4, 2)), "context": jnp.zeros(1)}, "flat observation"),
        (Network("scorer"), jnp.zeros(4), "items"),
        (Network("attention"), {"items": jnp.zeros((4, 2))}, "context"),
        (Network("scorer"), {"items": jnp.zeros((2, 5)), "context": jnp.zeros(1)}, "5 items and 4 actions"),
        (Network("scorer", actor=()), {"items": jnp.zeros((2, 4)), "context": jnp.zeros(1)}, "network.actor"),
    ],
)
def test_a_network_that_does_not_fit_the_observation_is_one_clear_line(network, obs, words):
    with pytest.raises(UserError, match=words) as caught:
        policy.build(network, Discrete(4), obs, seed=0)
    assert "\n" not in str(caught.value)
