"""What NumPy recomputes of a rollout, against rollouts whose answer is known by construction."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppo_doctor.audit.recomputed import Facts, advantages, discount, misaligned


def rollout(seed: int, t: int = 40, rows: int = 3, ends: float = 0.1) -> Facts:
    """Facts [t, rows] of a made-up rollout whose last step is no end."""
    random = np.random.default_rng(seed)
    value, reward = random.normal(size=(t, rows)), random.normal(size=(t, rows))
    terminated = random.random((t, rows)) < ends
    following = np.concatenate([value[1:], random.normal(size=(1, rows))])
    return Facts(reward, value, following, terminated, np.zeros_like(terminated))


@given(st.integers(0, 1000), st.sampled_from([0.0, 0.5, 0.9, 0.99, 1.0]), st.sampled_from([0.0, 0.5, 0.95, 1.0]))
def test_the_discount_in_use_is_found_whatever_the_trace_decay(seed: int, gamma: float, decay: float) -> None:
    facts = rollout(seed)
    used = advantages(facts, gamma, decay).astype(np.float32)
    assert discount(facts, used) == pytest.approx(gamma, abs=1e-4)


def test_advantages_of_other_rows_obey_no_discount() -> None:
    facts = rollout(0)
    assert np.isnan(discount(facts, advantages(facts, 0.99, 0.95)[:, ::-1]))


def test_a_discount_that_leaks_through_ends_is_told_from_a_lower_one() -> None:
    facts = rollout(1)
    leaky = advantages(facts._replace(terminated=np.zeros_like(facts.terminated)), 0.99, 0.95)
    assert discount(facts, leaky) == pytest.approx(0.99)


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_what_cannot_be_told_is_no_number(value: float) -> None:
    """Every step an end; advantages that are not finite; columns in parallel."""
    facts = rollout(2)
    assert np.isnan(discount(facts._replace(terminated=np.ones_like(facts.terminated)), facts.value))
    assert np.isnan(discount(facts, np.full_like(facts.value, np.nan)))
    assert np.isnan(
        discount(facts._replace(following=np.full_like(facts.value, value)), np.full_like(facts.value, 2.0))
    )


def test_values_too_small_to_tell_leave_it_open() -> None:
    facts = rollout(3)
    faint = facts._replace(value=1e-9 * facts.value, following=1e-9 * facts.following)
    assert np.isnan(discount(faint, advantages(faint, 0.99, 0.95).astype(np.float32)))


def test_of_rare_rewards_only_those_rows_tell_that_have_one() -> None:
    received = np.zeros((1000, 4))
    received[10, 0] = 1.0
    late = np.roll(received, 1, axis=0)
    assert misaligned(late != received, late, received) == 1.0
    assert misaligned(received != received, received, received) == 0.0


def test_rewards_that_are_all_the_same_tell_nothing() -> None:
    same = np.ones((10, 4))
    assert np.isnan(misaligned(same != same, same, same))
