"""Acrobot equals Gymnasium's, step by step, and its energy obeys the laws of mechanics."""

import gymnasium
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from ppo_doctor.train import baselines, evaluate
from ppo_doctor.train.envs import acrobot, make


def at(angles, speeds=(0.0, 0.0), time=0):
    return acrobot.State(jnp.array(angles, jnp.float32), jnp.array(speeds, jnp.float32), jnp.int32(time))


@pytest.mark.parametrize("seed", range(5))
def test_steps_equal_gymnasium(seed):
    """Along random trajectories that turn over, every observation, reward and ending is the reference's."""
    env, reference = make("acrobot"), gymnasium.make("Acrobot-v1").unwrapped
    step, rng = jax.jit(env.step), np.random.default_rng(seed)
    obs, _ = reference.reset(seed=seed)
    state, view = env.reset(jnp.asarray(reference.state, jnp.float32))
    np.testing.assert_allclose(view.obs, obs, atol=1e-6)
    for time in range(1, 500):
        action = int(rng.integers(3)) if time % 40 < 10 else 2 * int(view.obs[5] >= 0)
        reference.state = np.array([float(x) for x in (*state.angles, *state.speeds)])
        obs, reward, terminated, truncated, _ = reference.step(action)
        state, ours = step(jnp.zeros(4), state, jnp.int32(action))
        view = ours.view
        np.testing.assert_allclose(view.obs, obs, rtol=1e-5, atol=1e-5)
        assert (float(ours.reward), bool(ours.terminated), bool(ours.truncated)) == (reward, terminated, truncated)
        assert int(state.time) == time
        if terminated:
            break
    assert terminated


def test_steps_from_anywhere_equal_gymnasium():
    """From 300 states of any angle and up to twice the greatest speeds, which are clipped as there."""
    env, reference = make("acrobot"), gymnasium.make("Acrobot-v1").unwrapped
    rng = np.random.default_rng(0)
    angles = rng.uniform(-np.pi, np.pi, (300, 2))
    speeds = rng.uniform(-1.2, 1.2, (300, 2)) * acrobot.MAX_SPEEDS
    actions = rng.integers(3, size=300)
    states = jax.vmap(at)(angles, speeds)
    after, ours = jax.vmap(env.step)(jnp.zeros((300, 4)), states, jnp.asarray(actions))
    clipped = 0
    for k, action in enumerate(actions):
        reference.reset(seed=k)
        reference.state = np.concatenate([states.angles[k], states.speeds[k]]).astype(np.float64)
        obs, reward, terminated, _, _ = reference.step(int(action))
        clipped += int(np.any(np.abs(obs[4:]) >= np.array(acrobot.MAX_SPEEDS) - 1e-6))
        np.testing.assert_allclose(ours.view.obs[k], obs, rtol=1e-3, atol=2e-4)
        assert (float(ours.reward[k]), bool(ours.terminated[k])) == (reward, terminated)
        assert np.all(np.abs(after.angles[k]) <= np.pi + 1e-6)
    assert clipped >= 20


def energy(state):
    """Kinetic plus potential energy [J] of two rods, from the places and speeds of their centres of mass."""
    (first, bend), (spin, turn) = state.angles, state.speeds
    half, both = acrobot.CENTRE, spin + turn
    velocity = np.array([spin * np.cos(first), spin * np.sin(first)])
    lower = velocity + half * both * np.array([np.cos(first + bend), np.sin(first + bend)])
    moving = 0.5 * ((half * spin) ** 2 + lower @ lower + acrobot.INERTIA * (spin**2 + both**2))
    height = -half * np.cos(first) - (np.cos(first) + half * np.cos(first + bend))
    return float(moving + acrobot.GRAVITY * height)


def test_without_torque_energy_is_kept_and_with_torque_it_grows_by_the_work_done():
    """Work is torque times the angle the second joint turned by; Runge-Kutta at 0.2 s loses little of slow motion."""
    for torque in (-1.0, 0.0, 1.0):
        state, work = at((0.6, -0.3), (0.2, 0.1)), 0.0
        before = energy(state)
        for _ in range(5):
            angles, speeds = acrobot.moved(state, jnp.float32(torque))
            work += torque * float(angles[1] - state.angles[1])
            state = acrobot.State(angles, speeds, state.time)
        assert abs(energy(state) - before - work) < 0.02, torque
    assert abs(work) > 0.2


def test_first_states_have_the_reference_distribution():
    """Uniform in +-0.1, all four numbers independent."""
    env = make("acrobot")
    noise = jax.vmap(env.draw)(jax.random.split(jax.random.key(0), 4000))
    assert noise.shape == (4000, 4)
    assert float(jnp.abs(noise).max()) <= 0.1
    np.testing.assert_allclose(noise.std(axis=0), 0.2 / 12**0.5, rtol=0.03)
    np.testing.assert_allclose(np.corrcoef(noise.T), np.eye(4), atol=0.06)


@pytest.mark.parametrize(
    ("time", "angles", "expected"),
    [(498, (0.0, 0.0), (0, 0, -1)), (499, (0.0, 0.0), (0, 1, -1)), (499, (3.0, 0.0), (1, 0, 0))],
)
def test_the_time_limit_truncates_and_the_bar_terminates(time, angles, expected):
    """Step 500 is cut, not ended; reaching the bar on the very last step counts, and costs nothing."""
    _, ours = make("acrobot").step(jnp.zeros(4), at(angles, time=time), jnp.int32(1))
    assert (int(ours.terminated), int(ours.truncated), float(ours.reward)) == expected


def test_pumping_reaches_the_bar_and_hanging_still_never_does():
    """Every one of 64 episodes against none, with random play between the two."""
    env = make("acrobot")
    scores = evaluate.run_each(
        env, baselines.policies("acrobot", env), evaluate.seed_block("report", 64), env.max_steps
    )
    returns = {name: np.asarray(one.returns) for name, one in scores.items()}
    assert (returns["still"] == -env.max_steps).all()
    assert returns["pump"].min() > -env.max_steps
    assert returns["still"].mean() < returns["random"].mean() < returns["pump"].mean()


def test_the_baselines_act_as_they_say():
    """Along the second joint's speed, whatever the first one does; no torque at all."""
    env = make("acrobot")
    table = baselines.policies("acrobot", env)
    for spin, turn, expected in ((1.0, -0.5, 0), (-1.0, 0.5, 2), (0.0, 0.0, 2)):
        state = at((0.1, 0.2), (spin, turn))
        key, seen = jax.random.key(0), acrobot.view(state)
        assert int(table["pump"](key, state, seen)) == expected
        assert int(table["still"](key, state, seen)) == 1


@pytest.mark.slow
def test_ppo_passes_gymnasiums_mark():
    """The documented configuration on 3 of 3 seeds: a mean return of at least -100 on unseen episodes."""
    from ppo_doctor.train import ppo

    env, config = make("acrobot"), acrobot.CONFIGS["default"]
    for seed in range(3):
        *_, (learner, _) = ppo.train(config, env, seed)
        agent = evaluate.Agent(config, env, learner.model, learner.norms, True)
        scores = evaluate.run_episodes(env, agent, evaluate.seed_block("report", 64), env.max_steps)
        assert scores.returns.mean() > -100, f"seed {seed}"
