"""Schedules, the stagnation detector, and that a curriculum really moves the environment."""

from __future__ import annotations

import math

import jax.numpy as jnp
import pytest

from ppo_doctor.train import schedule
from ppo_doctor.train.config import Curriculum, Schedule, constant
from ppo_doctor.train.envs import probe_value

CASES = [
    (constant(0.3), [0.3, 0.3, 0.3]),
    (Schedule(0.3, 9.0, "constant"), [0.3, 0.3, 0.3]),
    (Schedule(1.0, 0.0, "linear"), [1.0, 0.5, 0.0]),
    (Schedule(2.0, 4.0, "linear"), [2.0, 3.0, 4.0]),
    (Schedule(1.0, 0.01, "exponential"), [1.0, 0.1, 0.01]),
    (Schedule(1.0, 0.0, "cosine"), [1.0, 0.5, 0.0]),
    (Schedule(1.0, 0.0, "linear", until=0.5), [1.0, 0.0, 0.0]),
    (Schedule(1.0, 0.25, "exponential", until=0.25), [1.0, 0.25, 0.25]),
]


@pytest.mark.parametrize(("plan", "expected"), CASES)
def test_value_at_start_middle_and_end(plan, expected):
    found = [float(schedule.at(plan, jnp.asarray(p))) for p in (0.0, 0.5, 1.0)]
    assert found == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("kind", ["linear", "exponential", "cosine"])
def test_until_compresses_the_whole_curve_and_nothing_happens_beyond_the_end(kind):
    whole, early = Schedule(0.8, 0.2, kind), Schedule(0.8, 0.2, kind, until=0.5)
    for p in (0.1, 0.3, 0.5):
        assert float(schedule.at(early, jnp.asarray(p))) == pytest.approx(
            float(schedule.at(whole, jnp.asarray(2 * p))), abs=1e-6
        )
    assert float(schedule.at(whole, jnp.asarray(1.7))) == pytest.approx(0.2, abs=1e-6)


def test_cosine_is_flat_at_both_ends():
    quarter = float(schedule.at(Schedule(1.0, 0.0, "cosine"), jnp.asarray(0.25)))
    assert quarter == pytest.approx(0.5 * (1 + math.cos(math.pi / 4)), abs=1e-6)


RISING, FLAT = [float(k) for k in range(12)], [0.0] + [5.0] * 11


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        (FLAT, True),
        (RISING, False),
        (RISING[::-1], True),
        ([5.0] * 12, True),
        (FLAT[:10], False),  # a window and no more: nothing to compare with
        ([*FLAT[:-1], 5.2], False),  # 4 % of the spread above
        ([*FLAT[:-1], 5.02], True),  # 0.4 %
        ([*FLAT[:-1], math.nan], False),
        ([math.nan, *FLAT[1:]], False),
        ([*FLAT[:-1], -math.inf], False),
    ],
)
def test_stagnation_is_no_gain_over_a_window_and_unknown_is_not_stagnant(history, expected):
    assert schedule.stagnant(history, window=10, threshold=0.01) is expected


def test_a_curriculum_sets_its_field_and_leaves_the_environment_itself_alone():
    env = probe_value.make(reward=7.0)
    moved = schedule.staged(Curriculum("reward", Schedule(1.0, 3.0, "linear")), env, jnp.asarray(0.25))
    assert float(moved.reward) == pytest.approx(1.5)
    assert float(env.reward) == 7.0
    assert schedule.staged(None, env, jnp.asarray(0.25)) is env
