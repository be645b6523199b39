"""Action distributions against enumeration and SciPy."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from ppo_doctor.train import distribution as d
from ppo_doctor.train.env import Box, Discrete, MultiDiscrete

ONE = jnp.ones(())
NONE = jnp.zeros(0)


def head(*logits: float) -> d.Head:
    return d.Head(jnp.asarray(logits, jnp.float32), NONE)


def test_illegal_actions_have_exactly_zero_probability_and_gradient():
    space, mask = Discrete(4), jnp.array([True, False, True, False])
    logits = jnp.array([0.3, 1e6, -0.2, 50.0])
    p = d.probabilities(space, d.Head(logits, NONE), mask)
    assert p[1] == 0
    assert p[3] == 0
    assert float(p.sum()) == pytest.approx(1)

    def objective(x):
        h = d.Head(x, NONE)
        return d.log_prob(space, h, mask, jnp.asarray(2), ONE) + d.entropy(space, h, mask, ONE)

    grad = jax.grad(objective)(logits)
    assert np.all(np.isfinite(grad))
    assert grad[1] == 0
    assert grad[3] == 0
    assert grad[0] != 0


def test_all_but_one_masked_is_certain_and_finite():
    mask = jnp.arange(500) == 321
    h = d.Head(jax.random.normal(jax.random.key(0), (500,)) * 100, NONE)
    for u in (0.0, 0.5, 1 - 2**-23):
        action, log_p = d.sample(Discrete(500), h, mask, jnp.asarray(u, jnp.float32), ONE)
        assert action == 321
        assert log_p == 0
    assert d.entropy(Discrete(500), h, mask, ONE) == 0


def test_sampling_frequencies_follow_the_probabilities_at_the_temperature():
    space, mask = Discrete(3), jnp.array([True, True, False])
    h, t = head(1.0, 0.0, 5.0), jnp.asarray(2.0)
    u = d.draw(space, jax.random.key(1), (20_000,))
    actions, log_p = jax.vmap(lambda x: d.sample(space, h, mask, x, t))(u)
    p = np.exp([0.5, 0.0]) / np.exp([0.5, 0.0]).sum()
    counts = np.bincount(actions, minlength=3)
    assert counts[2] == 0
    assert stats.chisquare(counts[:2], 20_000 * p).pvalue > 1e-6
    np.testing.assert_allclose(log_p[:50], np.log(p)[actions[:50]], rtol=1e-5)


def test_temperature_makes_stored_and_re_evaluated_log_probabilities_equal():
    space, mask, h = Discrete(3), jnp.ones(3, bool), head(0.2, 0.7, -1.0)
    action, stored = d.sample(space, h, mask, jnp.asarray(0.4), jnp.asarray(3.0))
    assert stored == d.log_prob(space, h, mask, action, jnp.asarray(3.0))
    assert stored != d.log_prob(space, h, mask, action, ONE)


def test_parts_are_independent_choices():
    space, mask = MultiDiscrete((2, 3)), jnp.array([True, True, True, False, True])
    h = head(0.1, 0.9, 1.0, 7.0, 0.5)
    action = jnp.array([1, 2])
    apart = sum(
        float(d.log_prob(Discrete(n), d.Head(h.out[i : i + n], NONE), mask[i : i + n], a, ONE))
        for i, n, a in ((0, 2, action[0]), (2, 3, action[1]))
    )
    assert float(d.log_prob(space, h, mask, action, ONE)) == pytest.approx(apart, rel=1e-6)
    assert float(d.max_entropy(space, mask)) == pytest.approx(2 * np.log(2), rel=1e-6)
    total = sum(float(jnp.exp(d.log_prob(space, h, mask, jnp.array([a, b]), ONE))) for a in range(2) for b in range(3))
    assert total == pytest.approx(1, rel=1e-5)


def test_gaussian_density_and_entropy_equal_scipy():
    space = Box((-1.0, -1.0), (1.0, 3.0))
    h = d.Head(jnp.array([0.3, -0.5]), jnp.log(jnp.array([0.5, 2.0])))
    a = jnp.array([0.1, 0.4])
    normal = stats.norm([0.3, -0.5], [0.5, 2.0])
    assert float(d.log_prob(space, h, jnp.ones(0, bool), a, ONE)) == pytest.approx(normal.logpdf(a).sum(), rel=1e-5)
    assert float(d.entropy(space, h, jnp.ones(0, bool), ONE)) == pytest.approx(normal.entropy().sum(), rel=1e-5)


def test_bounds_are_met_by_clip_and_tanh():
    space = Box((-1.0, 0.0), (1.0, 4.0))
    np.testing.assert_allclose(d.to_env(space, jnp.array([9.0, 0.0]), "clip"), [1.0, 2.0])
    np.testing.assert_allclose(d.to_env(space, jnp.array([-9.0, 9.0]), "tanh"), [-1.0, 4.0], atol=1e-4)


@pytest.mark.parametrize("space", [Discrete(3), MultiDiscrete((2, 4)), Box((-1.0,), (1.0,))])
def test_mode_is_the_most_likely_action(space):
    h = d.Head(jnp.arange(d.width(space), dtype=jnp.float32), jnp.zeros(1 if isinstance(space, Box) else 0))
    mask = jnp.ones(0 if isinstance(space, Box) else d.width(space), bool)
    best = d.log_prob(space, h, mask, d.mode(space, h, mask), ONE)
    for noise in d.draw(space, jax.random.key(0), (30,)):
        assert d.sample(space, h, mask, noise, ONE)[1] <= best + 1e-6
