"""PPO on CartPole in one file of plain JAX, the yardstick of `benchmarks.speed`.

Written for the benchmark in the style of the public single-file ones (after PureJaxRL, Lu et al. 2022): the whole run,
environment included, is one jitted `scan`; every environment has its own keys and resets itself; minibatches are
shuffled by `jax.random.permutation`; a time limit counts as an end (`done` only); the value clip is always on; per-step
episode statistics of the whole run are kept; there are no diagnostics, no evaluation and no checkpoints.
"""

from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax

GAMMA, LAMBDA, CLIP, ENT, VF, MAX_NORM, LR = 0.99, 0.95, 0.2, 0.01, 0.5, 0.5, 2.5e-4


class EnvState(NamedTuple):
    physics: jax.Array
    time: jax.Array
    episode_return: jax.Array
    episode_length: jax.Array
    returned_return: jax.Array
    returned_length: jax.Array


class Transition(NamedTuple):
    done: jax.Array
    action: jax.Array
    value: jax.Array
    reward: jax.Array
    log_prob: jax.Array
    obs: jax.Array
    info: dict


def env_reset(key):
    physics = jax.random.uniform(key, (4,), minval=-0.05, maxval=0.05)
    zero, none = jnp.zeros(()), jnp.zeros((), jnp.int32)
    return physics, EnvState(physics, none, zero, none, zero, none)


def env_physics(physics, action):
    x, x_dot, theta, theta_dot = physics
    force = 10.0 * action - 10.0 * (1 - action)
    cos, sin = jnp.cos(theta), jnp.sin(theta)
    temp = (force + 0.05 * theta_dot**2 * sin) / 1.1
    theta_acc = (9.8 * sin - cos * temp) / (0.5 * (4.0 / 3.0 - 0.1 * cos**2 / 1.1))
    x_acc = temp - 0.05 * theta_acc * cos / 1.1
    return jnp.array([x + 0.02 * x_dot, x_dot + 0.02 * x_acc, theta + 0.02 * theta_dot, theta_dot + 0.02 * theta_acc])


def env_step(key, state, action):
    """One step with autoreset and episode statistics."""
    _, key_reset = jax.random.split(key)
    physics, time = env_physics(state.physics, action), state.time + 1
    done = (jnp.abs(physics[0]) > 2.4) | (jnp.abs(physics[2]) > 12 * 2 * np.pi / 360) | (time >= 500)
    reward = jnp.ones(())
    fresh, _ = env_reset(key_reset)
    total, length = state.episode_return + reward, state.episode_length + 1
    after = EnvState(
        jnp.where(done, fresh, physics),
        jnp.where(done, 0, time),
        total * (1 - done),
        length * (1 - done),
        jnp.where(done, total, state.returned_return),
        jnp.where(done, length, state.returned_length),
    )
    info = {
        "returned_episode_returns": after.returned_return,
        "returned_episode_lengths": after.returned_length,
        "timestep": after.time,
        "returned_episode": done,
    }
    return after.physics, after, reward, done, info


def init_params(seed):
    """64-64 tanh actor and critic, orthogonal; drawn on the host."""
    rng = np.random.default_rng(seed)

    def layer(inputs, outputs, gain):
        q, r = np.linalg.qr(rng.standard_normal((max(inputs, outputs), min(inputs, outputs))))
        q = q * np.sign(np.diag(r))
        return jnp.asarray(gain * (q if inputs >= outputs else q.T), jnp.float32), jnp.zeros(outputs)

    root = np.sqrt(2)
    return {
        "actor": [layer(4, 64, root), layer(64, 64, root), layer(64, 2, 0.01)],
        "critic": [layer(4, 64, root), layer(64, 64, root), layer(64, 1, 1.0)],
    }


def mlp(layers, x):
    for w, b in layers[:-1]:
        x = jnp.tanh(x @ w + b)
    w, b = layers[-1]
    return x @ w + b


def apply(params, obs):
    return jax.nn.log_softmax(mlp(params["actor"], obs)), mlp(params["critic"], obs)[..., 0]


def pick(log_p, action):
    return jnp.take_along_axis(log_p, action[..., None], axis=-1)[..., 0]


def loss_fn(params, batch, advantages, targets):
    log_p, value = apply(params, batch.obs)
    log_prob = pick(log_p, batch.action)
    value_clipped = batch.value + (value - batch.value).clip(-CLIP, CLIP)
    value_loss = 0.5 * jnp.maximum((value - targets) ** 2, (value_clipped - targets) ** 2).mean()
    ratio = jnp.exp(log_prob - batch.log_prob)
    advantages = (advantages - advantages.mean()) / (advantages.std() + 1e-8)
    actor_loss = -jnp.minimum(ratio * advantages, jnp.clip(ratio, 1.0 - CLIP, 1.0 + CLIP) * advantages).mean()
    entropy = -(jnp.exp(log_p) * log_p).sum(-1).mean()
    return actor_loss + VF * value_loss - ENT * entropy, (value_loss, actor_loss, entropy)


def gae(traj, last_value):
    def step(carry, transition):
        advantage, next_value = carry
        alive = 1.0 - transition.done
        delta = transition.reward + GAMMA * next_value * alive - transition.value
        advantage = delta + GAMMA * LAMBDA * alive * advantage
        return (advantage, transition.value), advantage

    _, advantages = jax.lax.scan(step, (jnp.zeros_like(last_value), last_value), traj, reverse=True, unroll=16)
    return advantages, advantages + traj.value


@partial(jax.jit, static_argnums=(0, 1, 2, 3, 4))
def train(n_envs, n_steps, n_epochs, n_minibatches, n_updates, params, key):
    """The whole run. Returns the final parameters and every step's episode statistics."""
    tx = optax.chain(optax.clip_by_global_norm(MAX_NORM), optax.adam(LR, eps=1e-5))
    key, key_reset = jax.random.split(key)
    obs, env_state = jax.vmap(env_reset)(jax.random.split(key_reset, n_envs))

    def env_loop(carry, _):
        params, env_state, last_obs, key = carry
        key, key_act, key_step = jax.random.split(key, 3)
        log_p, value = apply(params, last_obs)
        action = jax.random.categorical(key_act, log_p)
        keys = jax.random.split(key_step, n_envs)
        obs, env_state, reward, done, info = jax.vmap(env_step)(keys, env_state, action)
        seen = Transition(done, action, value, reward, pick(log_p, action), last_obs, info)
        return (params, env_state, obs, key), seen

    def minibatch(carry, batch):
        params, opt_state = carry
        losses, grads = jax.value_and_grad(loss_fn, has_aux=True)(params, *batch)
        updates, opt_state = tx.update(grads, opt_state, params)
        return (optax.apply_updates(params, updates), opt_state), losses

    def epoch(carry, _):
        params, opt_state, batch, key = carry
        key, key_shuffle = jax.random.split(key)
        order = jax.random.permutation(key_shuffle, n_envs * n_steps)
        flat = jax.tree.map(lambda x: x.reshape(n_envs * n_steps, *x.shape[2:]), batch)
        shuffled = jax.tree.map(lambda x: jnp.take(x, order, axis=0), flat)
        minibatches = jax.tree.map(lambda x: x.reshape(n_minibatches, -1, *x.shape[1:]), shuffled)
        (params, opt_state), losses = jax.lax.scan(minibatch, (params, opt_state), minibatches)
        return (params, opt_state, batch, key), losses

    def update(carry, _):
        params, opt_state, env_state, last_obs, key = carry
        (_, env_state, last_obs, key), traj = jax.lax.scan(
            env_loop, (params, env_state, last_obs, key), None, length=n_steps
        )
        _, last_value = apply(params, last_obs)
        batch = (traj._replace(info={}), *gae(traj, last_value))
        (params, opt_state, _, key), _ = jax.lax.scan(epoch, (params, opt_state, batch, key), None, length=n_epochs)
        return (params, opt_state, env_state, last_obs, key), traj.info

    carry, info = jax.lax.scan(update, (params, tx.init(params), env_state, obs, key), None, length=n_updates)
    return carry[0], info
