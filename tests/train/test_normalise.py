"""Running statistics against NumPy over the whole stream, and that they travel where the weights go."""

from __future__ import annotations

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from ppo_doctor.train import checkpoint, envs, evaluate, normalise, policy, ppo, rollout
from ppo_doctor.train.config import Config, Network, constant
from ppo_doctor.train.env import Discrete
from ppo_doctor.train.rollout import Norms

SMALL = Config(
    total_steps=256,
    n_envs=2,
    n_steps=32,
    batch_size=32,
    n_epochs=1,
    learning_rate=constant(1e-2),
    signals=False,
    network=Network(actor=(8,), critic=(8,)),
)


def test_merged_moments_equal_numpy_over_everything_seen():
    rng = np.random.default_rng(0)
    parts = [rng.normal(loc=3 * k, scale=1 + k, size=(n, 3)).astype(np.float32) for k, n in enumerate((7, 64, 1, 20))]
    moments = normalise.start(3)
    for part in parts:
        moments = normalise.merge(moments, jnp.asarray(part))
    whole = np.concatenate(parts)
    assert float(moments.weight) == pytest.approx(len(whole), rel=1e-5)
    np.testing.assert_allclose(moments.mean, whole.mean(axis=0), rtol=1e-4)
    np.testing.assert_allclose(moments.var, whole.var(axis=0), rtol=1e-4)


def test_a_horizon_lets_old_data_fade():
    rng = np.random.default_rng(1)
    old, new = rng.normal(size=(1000, 1)).astype(np.float32), rng.normal(50, 2, size=(100, 1)).astype(np.float32)
    merged = normalise.merge(normalise.merge(normalise.start(1), jnp.asarray(old)), jnp.asarray(new), horizon=100.0)
    assert float(merged.mean[0]) == pytest.approx((old.mean() + new.mean()) / 2, rel=1e-3)
    for _ in range(12):
        merged = normalise.merge(merged, jnp.asarray(new), horizon=100.0)
    assert float(merged.mean[0]) == pytest.approx(new.mean(), rel=1e-3)
    assert float(normalise.scale(merged)) == pytest.approx(new.std(), rel=0.05)


def test_standardised_data_have_mean_0_spread_1_and_are_clipped():
    x = jnp.asarray(np.random.default_rng(2).normal([5, -3], [0.1, 20], size=(500, 2)), jnp.float32)
    moments = normalise.merge(normalise.start(2), x)
    z = normalise.standardise(moments, x)
    np.testing.assert_allclose(jnp.mean(z, axis=0), 0.0, atol=1e-4)
    np.testing.assert_allclose(jnp.std(z, axis=0), 1.0, atol=1e-3)
    np.testing.assert_array_equal(normalise.standardise(moments, jnp.array([1e6, -1e6])), [10.0, -10.0])
    constant_feature = normalise.merge(normalise.start(1), jnp.full((1000, 1), 7.0))
    assert np.all(np.isfinite(normalise.standardise(constant_feature, jnp.array([7.0, 8.0])[:, None])))


@pytest.mark.parametrize("network", [Network(), Network("scorer")])
def test_popart_moves_the_statistics_and_not_the_values(network):
    rng = np.random.default_rng(3)
    obs = jnp.asarray(rng.normal(size=(20, 4)), jnp.float32)
    if network.kind == "scorer":
        obs = {"items": jnp.asarray(rng.normal(size=(20, 2, 3)), jnp.float32), "context": obs}
    model = policy.build(network, Discrete(3), jax.tree.map(lambda x: x[0], obs), seed=0)
    config, old = Config(normalize_targets=True, network=network), normalise.start(1)
    for scale, shift in ((30.0, 100.0), (0.1, -4.0)):
        new = normalise.merge(old, jnp.asarray(shift + scale * rng.normal(size=(64, 1)), jnp.float32))
        moved = normalise.rescale_critic(model, old, new)
        before, after = (
            rollout.values(config, m, Norms(old, old, moments), obs) for m, moments in ((model, old), (moved, new))
        )
        assert abs(float(new.mean[0] - old.mean[0])) > 1
        np.testing.assert_allclose(after, before, rtol=1e-5, atol=1e-4)
        model, old = moved, new


def collected(config, env, learner):
    """What the next update of `learner` is going to see: the same keys, environments and weights."""
    _, key, _ = jax.random.split(learner.key, 3)
    temperature = ppo.knobs(config, learner.controls).temperature
    run = jax.jit(functools.partial(rollout.collect, config))
    return run(env, learner.model, learner.norms, learner.worlds, key, temperature)


@pytest.fixture(scope="module")
def pendulum():
    """An environment, a configuration that normalises everything, and of three updates the rollouts and the learner.

    Per update: the raw rollout, the scaled rewards, the critic's targets.
    """
    env = envs.make("pendulum", max_steps=20)
    config = Config(**vars(SMALL) | {"normalize_obs": True, "normalize_reward": True, "normalize_targets": True})
    learner, seen, scaled, targets = ppo.init(config, env, 0), [], [], []
    for _ in range(3):
        worlds, raw, _ = collected(config, env, learner)
        seen.append(jax.tree.map(np.asarray, raw))
        rewarded = ppo.scaled(config, ppo.HEALTHY, learner.norms, worlds, raw)[2]
        scaled.append(np.asarray(rewarded.reward))
        batch = ppo.batched(config, ppo.HEALTHY, env.space, learner.model, learner.norms, rewarded, jnp.ones(()))
        targets.append(np.asarray(batch.target))
        learner, _ = ppo.update(config, env, learner)
    return config, env, (seen, scaled, targets), learner


def test_observation_statistics_equal_numpy_over_the_whole_training_stream(pendulum):
    _, _, (seen, _, _), learner = pendulum
    stream = np.concatenate([x.obs.reshape(-1, 3) for x in seen])
    np.testing.assert_allclose(learner.norms.obs.mean, stream.mean(axis=0), rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(learner.norms.obs.var, stream.var(axis=0), rtol=1e-3)


def test_rewards_are_divided_by_the_spread_of_the_discounted_return_as_in_vecnormalize(pendulum):
    """The recursion of Stable-Baselines3's VecNormalize in NumPy, statistics taken after each whole rollout."""
    config, _, (seen, scaled, _), learner = pendulum
    discounted, everything = np.zeros(config.n_envs), []
    for raw, ours in zip(seen, scaled, strict=True):
        for reward, done in zip(raw.reward, raw.terminated | raw.truncated, strict=True):
            discounted = discounted * config.gamma + reward
            everything.append(discounted.copy())
            discounted[done] = 0.0
        spread = np.sqrt(np.var(np.concatenate(everything)) + 1e-8)
        np.testing.assert_allclose(ours, np.clip(raw.reward / spread, -10, 10), rtol=1e-3)
    np.testing.assert_allclose(learner.norms.reward.var[0], np.var(np.concatenate(everything)), rtol=1e-3)
    np.testing.assert_allclose(learner.worlds.discounted, discounted, rtol=1e-4)


def test_target_statistics_are_those_of_what_the_critic_regressed_on(pendulum):
    _, _, (_, _, targets), learner = pendulum
    stream = np.concatenate(targets)
    assert abs(stream.mean()) > 0.1
    assert float(learner.norms.target.weight) == pytest.approx(len(stream), rel=1e-5)
    np.testing.assert_allclose(learner.norms.target.mean[0], stream.mean(), rtol=1e-3)
    np.testing.assert_allclose(learner.norms.target.var[0], stream.var(), rtol=1e-3)


def test_statistics_travel_with_the_checkpoint_into_evaluation(pendulum, tmp_path):
    config, env, _, learner = pendulum
    checkpoint.save(tmp_path / "last.eqx", learner)
    loaded = checkpoint.load(tmp_path / "last.eqx", config, env)
    jax.tree.map(np.testing.assert_array_equal, loaded.norms, learner.norms)
    seeds = np.arange(4)

    def play(norms):
        agent = evaluate.Agent(config, env, loaded.model, norms, True)
        return evaluate.run_episodes(env, agent, seeds, 20).returns

    def by_hand(key, state, view):
        """The greedy action, standardised, computed and bounded by hand."""
        del key, state
        mean, var = jnp.asarray(learner.norms.obs.mean), jnp.asarray(learner.norms.obs.var)
        raw = loaded.model.actor(jnp.clip((view.obs - mean) / jnp.sqrt(var + 1e-8), -10, 10))
        return 2.0 * jnp.clip(raw, -1, 1)

    np.testing.assert_allclose(play(loaded.norms), evaluate.run_episodes(env, by_hand, seeds, 20).returns, rtol=1e-5)
    assert not np.allclose(play(loaded.norms), play(ppo.init(config, env, 0).norms))
