"""CartPole equals Gymnasium's, step by step."""

import gymnasium
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from ppo_doctor.train.envs import cartpole, make


@pytest.mark.parametrize("seed", range(5))
def test_steps_equal_gymnasium(seed):
    """Along random trajectories, every observation, reward and ending is the reference's."""
    env, reference = make("cartpole"), gymnasium.make("CartPole-v1").unwrapped
    step, rng = jax.jit(env.step), np.random.default_rng(seed)
    reference.reset(seed=seed)
    noise = jnp.asarray(reference.state, jnp.float32)
    state, _ = env.reset(noise)
    for time in range(1, 500):
        action = int(rng.integers(2))
        reference.state = np.array([float(x) for x in state[:4]])
        obs, reward, terminated, truncated, _ = reference.step(action)
        state, ours = step(noise, state, jnp.int32(action))
        np.testing.assert_allclose(ours.view.obs, obs, rtol=2e-6, atol=2e-6)
        assert (float(ours.reward), bool(ours.terminated), bool(ours.truncated)) == (reward, terminated, truncated)
        assert int(state.time) == time
        if terminated:
            break
    assert terminated


def test_free_running_trajectory_stays_close():
    """Without re-synchronising the float64 reference, 100 steps differ by rounding only."""
    env, reference = make("cartpole"), gymnasium.make("CartPole-v1").unwrapped
    reference.reset(seed=3)
    state, view = env.reset(jnp.asarray(reference.state, jnp.float32))
    step = jax.jit(env.step)
    for _ in range(100):
        action = int(view.obs[2] + 0.5 * view.obs[3] > 0)
        obs, _, terminated, _, _ = reference.step(action)
        state, ours = step(view.obs, state, jnp.int32(action))
        view = ours.view
        np.testing.assert_allclose(view.obs, obs, atol=1e-3)
        assert bool(ours.terminated) == terminated


def test_first_states_have_the_reference_distribution():
    """Uniform in +-0.05, all four numbers independent."""
    env = make("cartpole")
    noise = jax.vmap(env.draw)(jax.random.split(jax.random.key(0), 4000))
    assert noise.shape == (4000, 4)
    assert float(jnp.abs(noise).max()) <= 0.05
    np.testing.assert_allclose(noise.std(axis=0), 0.1 / 12**0.5, rtol=0.03)
    np.testing.assert_allclose(np.corrcoef(noise.T), np.eye(4), atol=0.06)


@pytest.mark.parametrize(("time", "theta", "expected"), [(498, 0.0, (0, 0)), (499, 0.0, (0, 1)), (499, 0.3, (1, 0))])
def test_the_time_limit_truncates_and_a_fall_terminates(time, theta, expected):
    """Step 500 is cut, not ended; a fall on the very last step counts as a fall."""
    zero = jnp.zeros(())
    state = cartpole.State(zero, zero, jnp.float32(theta), zero, jnp.int32(time))
    _, ours = make("cartpole").step(jnp.zeros(4), state, jnp.int32(0))
    assert (int(ours.terminated), int(ours.truncated)) == expected
