"""Estimators against sums written out by hand: no recursion shared with the code under test."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppo_doctor.train import targets

GAMMA = 0.9


def trajectory(seed: int, n: int, ends: float = 0.3):
    rng = np.random.default_rng(seed)
    kind = rng.choice(3, n, p=[1 - ends, ends / 2, ends / 2])
    value, beyond = rng.normal(size=(2, n))
    following = np.append(value[1:], beyond[-1])  # the next state is the next row, unless the episode ended
    return {
        "reward": rng.normal(size=n),
        "value": value,
        "next_value": np.where(kind > 0, beyond, following),
        "terminated": kind == 1,
        "truncated": kind == 2,
    }


def n_step_return(x: dict, t: int, k: int) -> float:
    """The k-step return from t, cut by termination, bootstrapped where the episode or the data end."""
    total, discount = 0.0, 1.0
    for i in range(t, t + k):
        total += discount * x["reward"][i]
        discount *= GAMMA
        if x["terminated"][i]:
            return total
        if x["truncated"][i] or i == t + k - 1:
            return total + discount * x["next_value"][i]
    raise AssertionError


def last_step(x: dict, t: int) -> int:
    """Steps from t to the end of its episode or of the data."""
    done = x["terminated"] | x["truncated"]
    after = np.flatnonzero(done[t:])
    return int(after[0]) + 1 if len(after) else len(done) - t


def brute_lambda_return(x: dict, t: int, decay: float) -> float:
    """(1 - lambda) sum of lambda^(k-1) G^(k), the rest of the weight on the longest (Sutton, Barto 2018, eq. 12.3)."""
    longest = last_step(x, t)
    weights = [(1 - decay) * decay ** (k - 1) for k in range(1, longest)] + [decay ** (longest - 1)]
    return sum(w * n_step_return(x, t, k) for k, w in enumerate(weights, start=1))


@pytest.mark.parametrize("estimator", ["gae", "td-lambda", "monte-carlo", "one-step"])
@given(seed=st.integers(0, 2**31), n=st.sampled_from([1, 2, 7, 16]))
@settings(max_examples=25, deadline=None)
def test_estimators_equal_brute_force(estimator, seed, n):
    x = trajectory(seed, n)
    decay = targets.trace_decay(estimator, 0.8)
    got = jax.jit(targets.advantages, static_argnames=("gamma", "decay"))(**_device(x), gamma=GAMMA, decay=decay)
    expected = [brute_lambda_return(x, t, {"monte-carlo": 1.0, "one-step": 0.0}.get(estimator, 0.8)) for t in range(n)]
    np.testing.assert_allclose(np.asarray(got) + x["value"], expected, atol=2e-5)


def _device(x: dict) -> dict:
    return {name: jnp.asarray(v, bool if v.dtype == bool else jnp.float32) for name, v in x.items()}


def test_nothing_leaks_across_an_episode_end():
    x = trajectory(0, 8, ends=0.0)
    for end in ("terminated", "truncated"):
        cut = {**x, end: np.arange(8) == 3}
        changed = {**cut, "reward": np.where(np.arange(8) > 3, 99.0, x["reward"])}
        a, b = (targets.advantages(**_device(y), gamma=0.9, decay=0.9) for y in (cut, changed))
        np.testing.assert_array_equal(a[:4], b[:4])


def test_termination_ignores_the_next_value_and_truncation_uses_it():
    x = trajectory(1, 1, ends=0.0)
    done = np.array([True])
    terminated = targets.advantages(**_device({**x, "terminated": done}), gamma=0.9, decay=1.0)
    truncated = targets.advantages(**_device({**x, "truncated": done}), gamma=0.9, decay=1.0)
    assert terminated[0] == pytest.approx(x["reward"][0] - x["value"][0], abs=1e-6)
    assert truncated[0] == pytest.approx(x["reward"][0] + 0.9 * x["next_value"][0] - x["value"][0], abs=1e-6)


def test_both_scans_agree():
    rng = np.random.default_rng(0)
    x, decay = jnp.asarray(rng.normal(size=37), jnp.float32), jnp.asarray(rng.uniform(size=37), jnp.float32)
    np.testing.assert_allclose(targets._parallel(x, decay), targets._recursion(x, decay), rtol=1e-5, atol=1e-6)


def test_discounted_past_restarts_after_an_end():
    past, last = targets.discounted_past(
        jnp.array([1.0, 2.0, 3.0]), jnp.array([False, True, False]), jnp.asarray(10.0), 0.5
    )
    np.testing.assert_allclose(past, [6.0, 5.0, 3.0])
    assert last == 3.0
