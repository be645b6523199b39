"""Environments with a fault in them: every change keeps the contract of an environment and does what it says."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from ppo_doctor.train import altered, envs, fault
from ppo_doctor.train.faults import reward_sparse

CONFIGS = {name: envs.module(name).CONFIGS["default"] for name in ("cartpole", "pendulum", "probe_mask")}
FAULTS = [name for name in fault.names() if name != "reward_sparse" and fault.find(name).kind == "env"]


def walk(env, n=3, action=None, seed=0):
    """(views, steps) of n steps, not compiled."""
    keys = jax.random.split(jax.random.key(seed), n + 1)
    state, view = env.reset(env.draw(keys[0]))
    views, steps = [view], []
    for key in keys[1:]:
        state, step = env.step(env.draw(key), state, altered.any_action(env) if action is None else action)
        views.append(step.view)
        steps.append(step)
    return views, steps


def injected(name, system, strength=None, **params):
    env, _, _ = fault.inject(fault.find(name), envs.make(system, **params), CONFIGS[system], strength)
    return env


@pytest.mark.parametrize("name", FAULTS)
def test_shapes_and_kinds_stay_as_they_were(name):
    """Whatever is changed, a step has the same structure: rollouts, probes and evaluation need not know."""
    for system, config in CONFIGS.items():
        healthy = envs.make(system)
        if not fault.find(name).suits(healthy, config):
            continue
        was, now = altered.step_shape(healthy), altered.step_shape(injected(name, system))
        assert jax.tree.structure(was) == jax.tree.structure(now)
        if name != "feature_added":
            assert [x.shape for x in jax.tree.leaves(was)] == [x.shape for x in jax.tree.leaves(now)]
        assert [x.dtype for x in jax.tree.leaves(was)] == [x.dtype for x in jax.tree.leaves(now)]


def test_a_change_that_does_nothing_changes_nothing():
    plain, same = envs.make("pendulum"), altered.alter(altered.Change())(envs.make("pendulum"), 1.0)
    state, view = plain.reset(jnp.array([0.3, -0.2]))
    held, shown = same.reset((jnp.array([0.3, -0.2]), jax.random.key(0)))
    action = jnp.array([1.0])
    _, one = plain.step(jnp.zeros(2), state, action)
    _, two = same.step((jnp.zeros(2), jax.random.key(1)), held, action)
    np.testing.assert_array_equal(view.obs, shown.obs)
    for a, b in zip(jax.tree.leaves(one), jax.tree.leaves(two), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("which", [0, 1])
def test_changes_side_by_side_are_the_changes_alone(which):
    """Branches of one program do what each does by itself."""
    faults = [fault.find("observation_constant"), fault.find("reward_sign_wrong")]
    alone = [one.env(envs.make("cartpole"), 1.0) for one in faults]
    changes = tuple(env.changes[0] for env in alone)
    both = altered.Altered(envs.make("cartpole"), jnp.ones(()), jnp.asarray(which), changes)
    for a, b in zip(walk(both)[1], walk(alone[which])[1], strict=True):
        assert a.reward == b.reward
        np.testing.assert_array_equal(a.view.obs, b.view.obs)


def test_terms_add_up_to_the_reward():
    for name in ("reward_sign_wrong", "reward_clipped", "reward_term_dominates", "reward_outlier", "physics_diverges"):
        for step in walk(injected(name, "pendulum"))[1]:
            np.testing.assert_allclose(sum(step.reward_terms.values()), step.reward, rtol=1e-5)


def test_an_ignored_action_makes_no_difference():
    env = injected("action_ignored", "cartpole")
    left, right = (walk(env, action=jnp.asarray(a))[1][-1].view.obs for a in (0, 1))
    np.testing.assert_array_equal(left, right)


def test_a_frozen_state_shows_the_same_again():
    views, _ = walk(injected("state_frozen", "cartpole"))
    np.testing.assert_array_equal(views[0].obs, views[-1].obs)


def test_static_episodes_begin_alike():
    env = injected("static_episodes", "cartpole")
    np.testing.assert_array_equal(walk(env, seed=1)[0][0].obs, walk(env, seed=2)[0][0].obs)


def test_every_step_ends_and_a_lost_flag_never_does():
    assert all(step.terminated for step in walk(injected("every_step_terminal", "cartpole"))[1])
    short = injected("done_flag_lost_in_env", "cartpole", max_steps=3)
    assert not any(step.terminated | step.truncated for step in walk(short)[1])


def test_a_time_limit_is_reported_as_an_end():
    last = walk(injected("timeout_as_terminal", "cartpole", max_steps=3))[1][-1]
    assert last.terminated
    assert not last.truncated


def test_a_mask_is_shifted():
    env, plain = injected("mask_off_by_one", "probe_mask"), envs.make("probe_mask")
    for seed in range(4):
        key = jax.random.split(jax.random.key(seed), 2)[0]
        shown = env.reset(env.draw(key))[1]
        true = plain.reset(env.draw(key)[0])[1]
        np.testing.assert_array_equal(shown.mask, np.roll(true.mask, 1))


def test_a_stale_observation_is_refreshed_now_and_then():
    views, _ = walk(injected("observation_stale", "cartpole", 2.0), n=4)
    np.testing.assert_array_equal(views[1].obs, views[0].obs)
    assert np.any(views[2].obs != views[0].obs)
    np.testing.assert_array_equal(views[3].obs, views[2].obs)


def test_a_sparse_reward_is_paid_at_the_end_of_an_episode_that_reaches_the_threshold():
    change = reward_sparse.paid
    for threshold, expected in ((3.0, [0, 0, 1]), (4.0, [0, 0, 0])):
        env = altered.alter(altered.Change(after=change))(envs.make("cartpole", max_steps=3), threshold)
        assert [float(step.reward) for step in walk(env)[1]] == expected


def test_a_relabelled_action_is_the_opposite_one():
    env, plain = injected("actions_relabelled", "cartpole"), altered.alter(altered.Change())(envs.make("cartpole"), 1.0)
    a, b = walk(env, action=jnp.asarray(0))[1][-1], walk(plain, action=jnp.asarray(1))[1][-1]
    np.testing.assert_array_equal(a.view.obs, b.view.obs)


def test_a_moving_reward_moves_with_training():
    env, config, _ = fault.inject(fault.find("reward_nonstationary"), envs.make("cartpole"), CONFIGS["cartpole"])
    assert config.curriculum is not None
    assert (config.curriculum.field, config.curriculum.schedule.start, config.curriculum.schedule.end) == (
        "strength",
        1.0,
        -1.0,
    )
    assert float(walk(env)[1][0].reward) == -1.0


@pytest.mark.parametrize("name", ["observation_jittered", "features_permuted", "feature_added", "reward_doubled"])
def test_harmless_mutants_name_no_cause(name):
    assert fault.find(name).harmless
