"""Probes of our own environments, whose state is a value, against answers worked out by hand: one fault each."""

from __future__ import annotations

from functools import cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jaxtyping import Array

from ppo_doctor.train import probes
from ppo_doctor.train.env import AbstractEnv, Discrete, Step, View
from ppo_doctor.train.functional import Functional
from ppo_doctor.train.lab import Lab
from ppo_doctor.train.probes.headroom import gain

STEPS = 4


class Coins(AbstractEnv):
    """Four steps, each with a fresh sign as observation; the action that matches it (0: -1, 1: +1) pays 1, and 0.25.

    All switches are arrays, so that the faulty ones share the compiled programs of the healthy one.
    """

    reads: Array
    """Whether the action is read; 0 stands for it otherwise."""
    shows: Array
    """Whether the sign is seen."""
    varies: Array
    """Whether signs are drawn; they alternate otherwise."""
    noise: Array
    """Standard deviation of what is added to the sign seen."""
    spike: Array
    """What one reward in two hundred is larger by."""

    @property
    def space(self) -> Discrete:
        return Discrete(2)

    def draw(self, key: Array) -> Any:
        return jax.random.uniform(key, (2,)), jax.random.normal(key, (2,))

    def reset(self, noise: Any) -> Any:
        return self._next(jnp.zeros((), jnp.int32), noise[0][0], noise[1][0])

    def _next(self, t: Array, coin: Array, normal: Array) -> Any:
        sign = jnp.where(self.varies, jnp.where(coin < 0.5, -1.0, 1.0), 1.0 - 2.0 * (t % 2))
        seen = self.shows * sign + self.noise * normal
        return (t, sign), View(jnp.stack([seen, t / STEPS]), jnp.ones(2, bool))

    def step(self, noise: Any, state: Any, action: Array) -> Any:
        t, sign = state
        match = jnp.where((jnp.where(self.reads, action, 0) == 1) == (sign > 0), 1.0, 0.0)
        state, view = self._next(t + 1, noise[0][1], noise[1][1])
        bonus = 0.25 + jnp.where(noise[0][1] > 0.995, self.spike, 0.0)
        terms = {"match": match, "bonus": bonus}
        return state, Step(view, match + bonus, t + 1 >= STEPS, jnp.zeros((), bool), {}, terms)


@cache
def _lab(switches: tuple[tuple[str, float], ...]) -> Lab:
    known = {"reads": True, "shows": 1.0, "varies": True, "noise": 0.0, "spike": 0.0} | dict(switches)
    return Lab(Functional("coins", Coins(**{name: jnp.asarray(x) for name, x in known.items()}), STEPS), 20_000)


def measure(*chosen: str, **switches: Any) -> dict[str, float]:
    """What some probes measured; one lab for equal switches."""
    lab = _lab(tuple(sorted(switches.items())))
    return {name: value for one in probes.run(lab, chosen) for name, value in one.signals.items()}


def test_the_healthy_one_acts_pays_and_moves() -> None:
    said = measure("action_influence", "determinism", "workload_variation", "episode_ends", "reward_terms")
    assert said["action_influence_state"] == 0.0  # the next sign does not depend on the action
    assert said["action_influence_reward"] == 1.0
    # Var(return | seed) = Var(return) = 4 / 4; 64 seeds x 4 plays estimate the ratio to about 8 %
    assert said["action_influence_return"] == pytest.approx(1.0, abs=0.1)
    assert said["determinism"] == 1.0
    assert said["workload_varies"] == pytest.approx(1 - 2.0**-5, abs=0.03)  # five signs are seen
    assert (said["segment_length"], said["timeout_share"], said["overrun_frac"]) == (STEPS, 0.0, 0.0)
    assert said["reward_terms_dead"] == 0.5  # the bonus


def test_a_spike_that_comes_by_chance_does_not_hide_what_actions_decide() -> None:
    said = measure("action_influence", "reward_audit", spike=1e3)
    assert said["reward_tail"] > 100.0
    assert said["action_influence_return"] > 0.8  # cut to the usual range; 0.02 as it is paid


def test_headroom_is_the_mean_gain_over_random_play() -> None:
    said = measure("headroom")
    assert said["best_baseline_return"] == pytest.approx(5.0)  # whoever sees the sign gets all of it
    assert said["headroom"] == pytest.approx((5.0 - said["random_return"]) / said["random_return_std"])
    assert said["headroom"] == pytest.approx(2.0, abs=0.6)  # gain 2, standard deviation 1
    # the gain is 5 - random, so that its interval is that of the mean of n random returns
    half = said["headroom_high"] - said["headroom"]
    assert half == pytest.approx(said["headroom"] - said["headroom_low"])
    assert 1.9 / np.sqrt(256) < half < 2.1 / np.sqrt(8)


def test_a_gain_is_paired_by_seed_only_where_that_is_less_noisy() -> None:
    rng = np.random.default_rng(0)
    random = rng.normal(size=64)
    paired = gain(random[:8] + 2.0, random)
    assert paired == pytest.approx((2.0, 0.0, 8), abs=1e-9)
    alone = gain(np.full(8, 5.0), random)
    assert alone.mean == pytest.approx(5.0 - random.mean())
    assert alone.error == pytest.approx(random.std(ddof=1) / 8)


def test_the_observation_tells_all_and_the_ceiling_follows_from_total_variance() -> None:
    said = measure("observability", "ev_ceiling")
    assert said["observation_predicts_action"] == pytest.approx(1.0, abs=1e-6)
    assert said["observation_predicts_reward"] > 0.99
    powers = 0.99 ** np.arange(STEPS)
    within = np.mean([0.25 * (powers[:k] ** 2).sum() for k in range(1, STEPS + 1)])
    between = np.var([0.75 * powers[:k].sum() for k in range(1, STEPS + 1)])
    assert said["ev_ceiling"] == pytest.approx(between / (between + within), abs=0.08)


def test_an_action_that_is_never_read_has_no_influence() -> None:
    said = measure("action_influence", "reward_terms", reads=False)
    assert said["action_influence_state"] == said["action_influence_reward"] == said["action_influence_return"] == 0.0
    assert said["reward_terms_dead"] == 1.0


def test_what_is_hidden_cannot_be_predicted_although_there_is_headroom() -> None:
    said = measure("observability", "headroom", "observation_audit", shows=0.0)
    assert said["observation_predicts_action"] < 0.25
    assert said["observation_predicts_reward"] < 0.05
    assert said["headroom"] > 1.0  # the search reads the state
    assert said["obs_constant_frac"] == 0.5


def test_one_instance_for_all_seeds_does_not_vary() -> None:
    assert measure("workload_variation", varies=False)["workload_varies"] == 0.0


def test_noise_is_told_from_chance_by_drawing_its_source_alone() -> None:
    said = measure("observation_audit", noise=3.0)
    assert said["obs_noise_std"] == pytest.approx(3.0, rel=0.15)  # of 256 draws
    # sign and noise come from one key: Var = 1 + 9 + 2 x 3 E|normal|, and 9 of it is the noise's
    assert said["obs_noise_ratio"] == pytest.approx(3.0 / np.sqrt(1.0 + 6.0 * np.sqrt(2.0 / np.pi)), rel=0.3)
    assert measure("observation_audit").get("obs_noise_ratio", 0.0) == 0.0


def test_noise_in_place_of_the_observation_is_told_from_noise_on_top_of_it() -> None:
    assert measure("observation_audit", shows=0.0, noise=3.0)["obs_noise_ratio"] == 1e6


def test_noise_that_leaves_no_trace_is_measured() -> None:
    said = measure("observation_audit", varies=False, noise=0.5)
    assert said["obs_noise_std"] == pytest.approx(0.5, rel=0.1)
    assert said["obs_noise_ratio"] == pytest.approx(0.5 / np.std([1, -1, 1, -1, 1]), rel=0.15)
