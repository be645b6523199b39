"""One batch through our loss and through Stable-Baselines3's own modules and formulas: equal to 1e-5."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

torch = pytest.importorskip("torch")
from stable_baselines3.common.buffers import RolloutBuffer  # noqa: E402
from stable_baselines3.common.policies import ActorCriticPolicy  # noqa: E402

from ppo_doctor.train import envs, loss, measure, policy, targets  # noqa: E402
from ppo_doctor.train.config import Config  # noqa: E402
from ppo_doctor.train.env import Discrete  # noqa: E402
from ppo_doctor.train.rollout import Norms  # noqa: E402


def sb3_policy(model: policy.ActorCritic) -> ActorCriticPolicy:
    """SB3's MlpPolicy with our weights."""
    import gymnasium as gym

    env = gym.make("CartPole-v1")
    theirs = ActorCriticPolicy(env.observation_space, env.action_space, lambda _: 1e-3)
    pairs = [
        (theirs.mlp_extractor.policy_net, model.actor.layers[:-1]),
        (theirs.mlp_extractor.value_net, model.critic.layers[:-1]),
        ([theirs.action_net], model.actor.layers[-1:]),
        ([theirs.value_net], model.critic.layers[-1:]),
    ]
    with torch.no_grad():
        for net, layers in pairs:
            linear = [m for m in net if isinstance(m, torch.nn.Linear)]
            for to, ours in zip(linear, layers, strict=True):
                to.weight.copy_(torch.tensor(np.asarray(ours.weight).T))
                to.bias.copy_(torch.tensor(np.asarray(ours.bias)))
    return theirs


def make_batch(n: int = 64):
    rng = np.random.default_rng(0)
    f = lambda scale=1.0: jnp.asarray(rng.normal(scale=scale, size=n), jnp.float32)  # noqa: E731
    obs = jnp.asarray(rng.normal(size=(n, 4)), jnp.float32)
    action = jnp.asarray(rng.integers(0, 2, n), jnp.int32)
    log_prob = jnp.asarray(np.log(0.5) + rng.normal(scale=0.3, size=n), jnp.float32)
    return loss.Batch(obs, jnp.ones((n, 2), bool), action, log_prob, f(), f(), f(3.0), jnp.zeros(n))


@pytest.mark.parametrize("clip_range_vf", [None, 0.1])
def test_loss_terms_equal_stable_baselines3(clip_range_vf):
    env, config = envs.make("cartpole"), Config(clip_range_vf=clip_range_vf)
    model = policy.build(config.network, env.space, jnp.zeros(4), seed=3)
    batch = make_batch()
    norms = Norms(None, None, None)  # nothing is normalised here
    knobs = loss.Knobs(*(jnp.asarray(x) for x in (1e-3, 0.2, 0.01, 1.0, 1.0)))
    batch = batch._replace(advantage=loss.standardised(batch.advantage))
    total, (rows, log_ratios) = loss.loss(model, config, Discrete(2), norms, batch, knobs)
    ours = dict(zip(loss.ROW_STATS, rows, strict=True))
    ours |= measure.ratios(log_ratios[None], knobs.clip_coef, jnp.ones(1))

    theirs = sb3_policy(model)
    t = lambda x: torch.tensor(np.asarray(x))  # noqa: E731
    values, log_prob, entropy = theirs.evaluate_actions(t(batch.obs), t(batch.action).long())
    values = values.flatten()
    ratio = torch.exp(log_prob - t(batch.log_prob))
    advantage = t(batch.advantage)
    policy_loss = -torch.min(advantage * ratio, advantage * torch.clamp(ratio, 0.8, 1.2)).mean()
    value_loss = 0.5 * torch.nn.functional.mse_loss(t(batch.target), values)
    entropy_mean = entropy.mean()
    log_ratio = log_prob - t(batch.log_prob)
    approx_kl = ((torch.exp(log_ratio) - 1) - log_ratio).mean()
    clip_fraction = (torch.abs(ratio - 1) > 0.2).float().mean()
    expected = {
        "pg_loss": policy_loss,
        "v_loss": value_loss,
        "entropy": entropy_mean,
        "kl_k3": approx_kl,
        "clip_frac": clip_fraction,
    }
    for name, value in expected.items():
        assert float(ours[name]) == pytest.approx(float(value.detach()), abs=1e-5), name
    if clip_range_vf is None:
        whole = policy_loss + 0.5 * value_loss - 0.01 * entropy_mean
        assert float(total) == pytest.approx(float(whole.detach()), abs=1e-5)


def test_gae_equals_stable_baselines3():
    import gymnasium as gym

    rng = np.random.default_rng(1)
    n, envs_n = 40, 3
    space = gym.make("CartPole-v1")
    buffer = RolloutBuffer(n, space.observation_space, space.action_space, "cpu", 0.95, 0.99, envs_n)
    starts = rng.random((n + 1, envs_n)) < 0.1
    reward, value = rng.normal(size=(2, n, envs_n)).astype(np.float32)
    last = rng.normal(size=envs_n).astype(np.float32)
    for i in range(n):
        buffer.add(
            np.zeros((envs_n, 4)),
            np.zeros((envs_n, 1)),
            reward[i],
            starts[i],
            torch.tensor(value[i]),
            torch.zeros(envs_n),
        )
    buffer.compute_returns_and_advantage(torch.tensor(last), starts[n])
    following = np.concatenate([value[1:], last[None]])
    columns = (reward, value, following, starts[1:], np.zeros_like(starts[1:]))
    fn = lambda *x: targets.advantages(*x, gamma=0.99, decay=0.95)  # noqa: E731
    ours = jax.vmap(fn, in_axes=1, out_axes=1)(*(jnp.asarray(x) for x in columns))
    np.testing.assert_allclose(ours, buffer.advantages, atol=1e-5)
    np.testing.assert_allclose(ours + value, buffer.returns, atol=1e-5)
