"""Pendulum equals Gymnasium's, step by step."""

import gymnasium
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from ppo_doctor.train.envs import make, pendulum


@pytest.mark.parametrize("seed", range(5))
def test_steps_equal_gymnasium(seed):
    """Along random trajectories with out-of-range torques, every observation and reward is the reference's."""
    env, reference = make("pendulum"), gymnasium.make("Pendulum-v1").unwrapped
    step, rng = jax.jit(env.step), np.random.default_rng(seed)
    reference.reset(seed=seed)
    theta, speed = reference.state
    state, view = env.reset(jnp.array([theta / np.pi, speed], jnp.float32))
    np.testing.assert_allclose(view.obs, reference._get_obs(), atol=1e-6)
    for time in range(1, 201):
        action = rng.uniform(-3, 3, size=1).astype(np.float32)
        reference.state = np.array([float(state.theta), float(state.speed)])
        obs, reward, terminated, _, _ = reference.step(action)
        state, ours = step(jnp.zeros(2), state, jnp.asarray(action))
        np.testing.assert_allclose(ours.view.obs, obs, rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(float(ours.reward), reward, rtol=1e-4, atol=1e-4)
        assert not terminated
        assert not ours.terminated
        assert bool(ours.truncated) == (time == 200)


def test_first_states_have_the_reference_distribution():
    """Angle uniform over the circle, speed uniform in +-1."""
    env = make("pendulum")
    state, _ = jax.vmap(lambda key: env.reset(env.draw(key)))(jax.random.split(jax.random.key(0), 4000))
    assert isinstance(state, pendulum.State)
    np.testing.assert_allclose(state.theta.std(), 2 * np.pi / 12**0.5, rtol=0.03)
    np.testing.assert_allclose(state.speed.std(), 2 / 12**0.5, rtol=0.03)


def test_the_cost_of_a_wound_up_angle_is_that_of_the_angle():
    """Two full turns cost nothing."""
    state = pendulum.State(jnp.float32(4 * jnp.pi + 0.1), jnp.zeros(()), jnp.int32(0))
    _, ours = make("pendulum").step(jnp.zeros(2), state, jnp.zeros(1))
    np.testing.assert_allclose(float(ours.reward), -0.01, rtol=1e-3)
