"""The point mass obeys its equations, and its regulator is the optimum."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from ppo_doctor.train.envs import make, point_mass

KEYS = jax.random.split(jax.random.key(0), 512)


def test_a_step_by_hand():
    env = make("point_mass")
    state = point_mass.State(jnp.array([0.5, -1.0]), jnp.array([0.0, 2.0]), jnp.int32(98))
    noise = point_mass.Noise(jnp.zeros((2, 2)), jnp.array([1.0, 0.0]))
    after, out = env.step(noise, state, jnp.array([-2.0, 0.5]))  # the first is clipped to -1
    np.testing.assert_allclose(after.velocity, [-0.2 + 0.03, 1.8 + 0.1], rtol=1e-6)
    np.testing.assert_allclose(after.place, [0.5 - 0.017, -1.0 + 0.19], rtol=1e-6)
    np.testing.assert_allclose(out.reward, -(0.25 + 1.0) - 0.1 * 4.0 - 0.05 * 1.25, rtol=1e-6)
    assert not out.terminated
    assert not out.truncated
    assert env.step(noise, after, jnp.zeros(2))[1].truncated


def least_cost(start: np.ndarray, steps: int) -> float:
    """The least cost of one axis without gusts, as one least-squares problem over all actions."""
    dt, push, kept = point_mass.TIME_STEP, point_mass.PUSH, point_mass.KEPT
    forward, steer = np.array([[1.0, kept * dt], [0.0, kept]]), push * dt * np.array([dt, 1.0])
    roots = np.sqrt([point_mass.COSTS["place"], point_mass.COSTS["speed"]])
    free, driven, rows, targets = start, np.zeros((2, steps)), [], []
    for t in range(steps):
        rows += list(roots[:, None] * driven)
        targets += list(-roots * free)
        free, driven = forward @ free, forward @ driven
        driven[:, t] += steer
    rows += list(np.sqrt(point_mass.COSTS["effort"]) * np.eye(steps))
    targets += [0.0] * steps
    return float(np.linalg.lstsq(np.array(rows), np.array(targets), rcond=None)[1][0])


@pytest.mark.parametrize("steps", [1, 5, 60])
@pytest.mark.parametrize("start", [(1.0, 0.0), (-0.3, 0.5)])
def test_the_riccati_recursion_equals_least_squares(start, steps):
    _, costs = point_mass.regulator(steps)
    x = np.array(start)
    assert x @ costs[0] @ x == pytest.approx(least_cost(x, steps), rel=1e-9)


@pytest.mark.parametrize("steps", [1, 5, 100])
def test_the_bound_is_what_the_regulator_expects_by_its_second_moments(steps):
    """State covariance under the regulator's gains, step by step: another road to the same number."""
    dt, push, kept = point_mass.TIME_STEP, point_mass.PUSH, point_mass.KEPT
    forward, steer = np.array([[1.0, kept * dt], [0.0, kept]]), push * dt * np.array([[dt], [1.0]])
    gust = point_mass.GUST * np.array([[dt], [1.0]])
    paid = np.diag([point_mass.COSTS["place"], point_mass.COSTS["speed"]])
    moments, cost = np.diag([point_mass.REACH**2, point_mass.DRIFT**2]) / 3.0, 0.0
    for gain in point_mass.regulator(steps)[0]:
        cost += np.sum((paid + point_mass.COSTS["effort"] * np.outer(gain, gain)) * moments)
        kept_on = forward - steer @ gain[None]
        moments = kept_on @ moments @ kept_on.T + gust @ gust.T
    assert point_mass.best_return(steps) == pytest.approx(-2.0 * cost, rel=1e-9)


def test_first_states_and_gusts_are_distributed_as_the_bound_assumes():
    env = make("point_mass")
    noise = jax.vmap(env.draw)(jax.random.split(jax.random.key(1), 4000))
    state = jax.vmap(env.reset)(noise)[0]
    for values, reach in ((state.place, point_mass.REACH), (state.velocity, point_mass.DRIFT)):
        assert float(jnp.abs(values).max()) <= reach
        np.testing.assert_allclose(values.std(axis=0), 2 * reach / 12**0.5, rtol=0.03)
    np.testing.assert_allclose(noise.gust.std(axis=0), 1.0, rtol=0.04)
    both = np.concatenate([noise.first.reshape(4000, 4), noise.gust], axis=1)
    np.testing.assert_allclose(np.corrcoef(both.T), np.eye(6), atol=0.06)


def test_no_policy_beats_the_regulator_and_the_regulator_nearly_reaches_its_bound():
    """Only clipping separates its play from the bound; half the gain, or none at all, is worse."""
    env, bound = make("point_mass"), point_mass.best_return()
    gains = jnp.asarray(point_mass.regulator()[0], jnp.float32)

    def play(key, strength):
        def step(carry, key):
            state, total = carry
            action = -strength * (gains[state.time, 0] * state.place + gains[state.time, 1] * state.velocity)
            state, out = env.step(env.draw(key), state, action)
            return (state, total + out.reward), None

        begin, *keys = jax.random.split(key, 1 + env.max_steps)
        return jax.lax.scan(step, (env.reset(env.draw(begin))[0], 0.0), jnp.stack(keys))[0][1]

    returns = {s: np.asarray(jax.vmap(lambda key, s=s: play(key, s))(KEYS)) for s in (1.0, 0.3, 0.0)}
    error = returns[1.0].std() / len(KEYS) ** 0.5
    assert bound - 0.35 * abs(bound) < returns[1.0].mean() < bound + 3 * error
    assert returns[0.3].mean() < returns[1.0].mean() - 3 * error
    assert returns[0.0].mean() < 3 * bound


@pytest.mark.slow
def test_ppo_comes_near_the_optimum():
    """With the documented configuration on 3 of 3 seeds: four fifths of the way from random play to the bound."""
    from ppo_doctor.train import evaluate, ppo

    env, config = make("point_mass"), point_mass.CONFIGS["default"]
    for seed in range(3):
        *_, (learner, _) = ppo.train(config, env, seed)
        agent = evaluate.Agent(config, env, learner.model, learner.norms, True)
        scores = evaluate.run_episodes(env, agent, evaluate.seed_block("report", 64), env.max_steps)
        assert scores.returns.mean() > 1.6 * point_mass.best_return(), f"seed {seed}"
