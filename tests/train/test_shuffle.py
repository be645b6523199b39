"""The keyed bijection: a permutation at every size, mixing as a true one does."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from ppo_doctor.train import shuffle


@pytest.mark.parametrize("n", [*(2**k for k in range(13)), 3, 6, 100, 1000, 2**16])
def test_every_index_appears_exactly_once(n):
    order = shuffle.permutation(jax.random.key(n), n)
    assert order.dtype == jnp.int32
    np.testing.assert_array_equal(np.sort(order), np.arange(n))


@pytest.mark.parametrize("n", [64, 100])
def test_another_key_gives_another_order_and_the_same_key_the_same(n):
    first, again, other = (shuffle.permutation(jax.random.key(k), n) for k in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert np.mean(first != other) > 0.8


def test_an_index_lands_everywhere_equally_often():
    orders = np.asarray(jax.vmap(lambda k: shuffle.permutation(k, 16))(jax.random.split(jax.random.key(0), 4000)))
    for index in (0, 1, 8, 15):
        places = np.bincount(np.argmax(orders == index, axis=1), minlength=16)
        assert stats.chisquare(places).pvalue > 1e-6, places


@pytest.mark.parametrize("gap", [1, 2, 32, 128])
def test_neighbours_meet_in_a_minibatch_as_often_as_by_chance(gap):
    """Rows t and t + 1 of one environment are much alike: a shuffle that keeps them together starves the minibatch."""
    n, batch = 1024, 128
    orders = np.asarray(jax.vmap(lambda k: shuffle.permutation(k, n))(jax.random.split(jax.random.key(3), 200)))
    place = np.argsort(orders, axis=1) // batch
    together = np.mean(place[:, :-gap] == place[:, gap:], axis=1)
    assert together.mean() == pytest.approx((batch - 1) / (n - 1), abs=0.005)
    assert together.std() < 0.014, "a true permutation scatters by 0.010; three rounds by 0.018, one by 0.2"
