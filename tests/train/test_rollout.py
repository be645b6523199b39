"""Rollouts replayed step by step in plain Python: what was seen, rewarded, ended and bootstrapped is what happened."""

from __future__ import annotations

import functools
from types import SimpleNamespace

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from ppo_doctor.train import envs, measure, ppo, rollout
from ppo_doctor.train.config import Config, Network
from ppo_doctor.train.env import AbstractEnv, Discrete, Step, View
from ppo_doctor.train.envs.cartpole import State

SMALL = Config(n_envs=3, n_steps=40, batch_size=24, network=Network(actor=(8,), critic=(8,)))
ONE = jnp.ones(())


def collect(env, config, times=1, seed=0):
    """`times` rollouts in a row, as NumPy: [(rollout, episode sums)], the worlds after them, and V."""
    learner = ppo.init(config, env, seed)
    run = jax.jit(functools.partial(rollout.collect, config))
    worlds, found = learner.worlds, []
    for key in jax.random.split(jax.random.key(seed), times):
        worlds, seen, done = run(env, learner.model, learner.norms, worlds, key, ONE)
        found.append((jax.tree.map(np.asarray, seen), jax.tree.map(np.asarray, done)))
    return found, worlds, lambda obs: np.asarray(learner.model.value(jnp.asarray(obs)))


@pytest.fixture(scope="module")
def cartpole():
    """Two rollouts of CartPole cut after 15 steps (so poles fall and recordings end), and their replay."""
    env = envs.make("cartpole", max_steps=15)
    found, worlds, value = collect(env, SMALL, times=2)
    return env, found, worlds, value, replay(env, found)


def replay(env, found):
    """Every step again, one environment and one step at a time, from the recorded observations and actions."""
    step = jax.jit(lambda state, action: env.step(jnp.zeros(4), state, action))
    seen = jax.tree.map(lambda *x: np.concatenate(x), *(x for x, _ in found))
    steps, rows = seen.reward.shape
    truth = SimpleNamespace(
        seen=seen, after=np.zeros((steps, rows, 4)), ended=np.zeros((steps, rows), int), episodes=[]
    )
    for row in range(rows):
        time, total = 0, 0.0
        for t in range(steps):
            state = State(*jnp.asarray(seen.obs[t, row]), jnp.asarray(time))
            _, out = jax.device_get(step(state, jnp.asarray(seen.action[t, row])))
            assert out.reward == seen.reward[t, row]
            assert (out.terminated, out.truncated) == (seen.terminated[t, row], seen.truncated[t, row])
            time, total = time + 1, total + float(out.reward)
            truth.after[t, row] = out.view.obs
            if out.terminated or out.truncated:
                truth.episodes.append((t, total, time))
                truth.ended[t, row], time, total = 1 + bool(out.truncated), 0, 0.0
    return truth


def test_observations_follow_from_actions_and_an_end_is_followed_by_a_fresh_start(cartpole):
    _, _, worlds, _, truth = cartpole
    following = np.concatenate([truth.seen.obs[1:], np.asarray(worlds.view.obs)[None]])
    going = truth.ended == 0
    np.testing.assert_allclose(following[going], truth.after[going], atol=1e-6)
    fresh = following[~going]
    assert len(fresh) > 10
    assert np.abs(fresh).max() <= 0.05
    assert len(np.unique(fresh, axis=0)) == len(fresh)


def test_the_replay_contains_falls_and_cuts(cartpole):
    ended = cartpole[-1].ended
    assert np.sum(ended == 1) > 2
    assert np.sum(ended == 2) > 2


def test_a_truncated_step_bootstraps_from_the_observation_before_the_reset(cartpole):
    """next_value is V of what the step led to: of the last observation of the episode where it was cut."""
    _, _, _, value, truth = cartpole
    seen = truth.seen
    right, fresh = value(truth.after), np.concatenate([seen.value[1:], seen.value[-1:]])
    alive = ~seen.terminated
    np.testing.assert_allclose(seen.next_value[alive], right[alive], atol=1e-5)
    assert np.abs(right - fresh)[seen.truncated].min() > 1e-4  # bootstrapping from the reset would be seen
    np.testing.assert_allclose(seen.value, value(seen.obs), atol=1e-5)


def test_advantages_cut_at_termination_and_bootstrap_at_truncation(cartpole):
    """Against a plain loop over each row, from V of the replayed observations."""
    _, found, _, value, truth = cartpole
    config = SMALL
    ours = np.concatenate([np.asarray(ppo.HEALTHY.estimate(config, jax.tree.map(jnp.asarray, x))[0]) for x, _ in found])
    after, seen = value(truth.after), truth.seen
    for row in range(seen.reward.shape[1]):
        for begin in (0, config.n_steps):
            later = 0.0
            for t in reversed(range(begin, begin + config.n_steps)):
                target = seen.reward[t, row] + config.gamma * (0.0 if truth.ended[t, row] == 1 else after[t, row])
                later = 0.0 if truth.ended[t, row] else later
                later = target - seen.value[t, row] + config.gamma * config.gae_lambda * later
                assert ours[t, row] == pytest.approx(later, abs=1e-4)


def test_episode_sums_equal_the_replay_across_rollouts(cartpole):
    _, found, _, _, truth = cartpole
    for k, (_, done) in enumerate(found):
        episodes = [x for x in truth.episodes if k * SMALL.n_steps <= x[0] < (k + 1) * SMALL.n_steps]
        assert done.finished == len(episodes)
        assert done.total_return == pytest.approx(sum(x[1] for x in episodes))
        assert done.total_length == sum(x[2] for x in episodes)
    lengths = [x[2] for x in truth.episodes]
    assert max(lengths) == 15
    assert min(lengths) < 15


def test_stored_log_probabilities_are_those_of_the_policy_that_acted():
    env = envs.make("probe_parts")
    learner = ppo.init(SMALL, env, 3)
    model = eqx.tree_at(lambda m: m.actor.layers[-1].bias, learner.model, jnp.array([0.5, -0.5, 1.0, 0.0, -2.0]))
    run = jax.jit(functools.partial(rollout.collect, SMALL))
    heated = jnp.asarray(2.0)
    seen = run(env, model, learner.norms, learner.worlds, jax.random.key(0), heated)[1]
    logits = np.asarray(model.act(seen.obs).out) / 2.0
    logits = np.where(seen.mask, logits, -np.inf)
    expected = 0.0
    for part, pick in ((logits[..., :2], seen.action[..., 0]), (logits[..., 2:], seen.action[..., 1])):
        log_p = part - np.log(np.exp(part).sum(axis=-1, keepdims=True))
        expected = expected + np.take_along_axis(log_p, np.asarray(pick)[..., None], axis=-1)[..., 0]
    np.testing.assert_allclose(seen.log_prob, expected, atol=1e-5)
    assert np.all(np.isfinite(expected))  # no illegal action was ever taken


def test_agents_are_rows_with_their_own_observation_action_and_reward():
    env = envs.make("probe_agents", agents=3)
    config = Config(**vars(SMALL) | {"n_envs": 5, "n_steps": 8, "batch_size": 24})
    learner = ppo.init(config, env, 0)
    state = learner.worlds.state.at[::2, 1].set(1.0)  # every second environment is one step ahead
    worlds = learner.worlds._replace(state=state, view=jax.vmap(env._view)(state))
    run = jax.jit(functools.partial(rollout.collect, config))
    worlds, seen, done = run(env, learner.model, learner.norms, worlds, jax.random.key(0), ONE)
    seen = jax.tree.map(np.asarray, seen)
    obs = seen.obs.reshape(8, 5, 3, 5)  # [steps, envs, agents, who (3) + bit + time]
    np.testing.assert_array_equal(obs[..., :3], np.broadcast_to(np.eye(3), (8, 5, 3, 3)))
    assert np.all(obs[..., 3:] == obs[:, :, :1, 3:])  # what is shared is of the same environment
    action, bit, last = seen.action.reshape(8, 5, 3), obs[..., 3] > 0, obs[..., 4] > 0
    who = np.arange(3)
    expected = np.where((action == (who + bit) % 3) & last, who + 1.0, 0.0)
    np.testing.assert_array_equal(seen.reward.reshape(8, 5, 3), expected)
    np.testing.assert_array_equal(seen.terminated.reshape(8, 5, 3), last)
    assert done.finished == 5 * 4
    assert done.total_return == pytest.approx(expected.mean(axis=2).sum(), rel=1e-5)
    last_value = learner.model.value(rollout.rows(env, worlds.view).obs)
    np.testing.assert_allclose(seen.next_value, np.concatenate([seen.value[1:], last_value[None]]), atol=1e-6)


class Meter(AbstractEnv):
    """Four actions, 0 a no-op; the state is random noise and decides what is legal; ends after the given steps."""

    limit: int = eqx.field(static=True, default=3)

    @property
    def space(self):
        return Discrete(4)

    def draw(self, key):
        return jax.random.uniform(key)

    def reset(self, noise):
        state = jnp.stack([noise, jnp.zeros(())])
        return state, self._view(state)

    def step(self, noise, state, action):
        mask = self._view(state).mask
        feasible = 1.0 * jnp.any(mask[1:])
        noop = 1.0 * (action == 0)
        metrics = {"noop": noop, "feasible": feasible, "avoidable_noop": noop * feasible}
        after = jnp.stack([noise, state[1] + 1])
        terms = {"fixed": jnp.ones(()), "chosen": 0.5 * action}
        over, no = after[1] >= self.limit, jnp.zeros((), bool)
        return after, Step(self._view(after), terms["fixed"] + terms["chosen"], over, no, metrics, terms)

    def _view(self, state):
        return View(state, jnp.concatenate([jnp.ones(1, bool), jnp.full(3, state[0] > 0.4)]))


def test_episode_signals_count_what_the_rollout_shows():
    env = Meter()
    ((seen, done),), _, _ = collect(env, SMALL)
    stats = measure.episodes(*jax.tree.map(jnp.asarray, (seen, done)), SMALL.rollout_rows, env.space)
    noop, free = seen.action == 0, seen.mask.sum(axis=-1) > 1
    expected = {
        "noop_frac": noop.mean(),
        "avoidable_noop_frac": (noop & free).sum() / free.sum(),
        "forced_frac": 1 - free.mean(),
        "reward_mean": seen.reward.mean(),
        "reward_std": seen.reward.std(),
        "reward_min": 1.0,
        "reward_max": 2.5,
        "terminated_frac": 13 / 40,
        "truncated_frac": 0.0,
        "n_episodes": 3 * 13,
        "mean_ep_length": 3.0,
        "mean_segment_length": 40 / 14,
    }
    for name, value in expected.items():
        assert float(stats[name]) == pytest.approx(value, rel=1e-5), name
    np.testing.assert_allclose(sum(seen.reward_terms.values()), seen.reward, rtol=1e-6)


def test_segments_that_end_with_the_rollout_are_not_counted_twice():
    env = envs.make("probe_value")
    ((seen, done),), _, _ = collect(env, SMALL)
    stats = measure.episodes(*jax.tree.map(jnp.asarray, (seen, done)), SMALL.rollout_rows, env.space)
    assert float(stats["mean_segment_length"]) == 1.0


def test_the_curriculum_stages_the_first_episodes_too():
    """Their state was drawn before any update, by `init`."""
    from ppo_doctor.train.config import Curriculum, Schedule

    class Loaded(Meter):
        load: jax.Array = eqx.field(default_factory=lambda: jnp.float32(9.0))

        def reset(self, noise):
            state = jnp.stack([self.load, noise])
            return state, self._view(state)

    config = Config(**vars(SMALL) | {"curriculum": Curriculum("load", Schedule(2.0, 4.0, "linear"))})
    np.testing.assert_array_equal(ppo.init(config, Loaded(), 0).worlds.view.obs[:, 0], 2.0)
