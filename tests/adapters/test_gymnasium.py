"""Our environments behave as `gymnasium.Env`."""

import warnings

import gymnasium
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from ppo_doctor.adapters.gymnasium import GymnasiumEnv, register
from ppo_doctor.errors import UserError
from ppo_doctor.train import envs

SINGLE = [name for name in envs.names() if name != "probe_agents"]


@pytest.mark.parametrize("name", SINGLE)
def test_passes_gymnasiums_checker(name):
    """No error and no warning; but for Gymnasium's wish that real actions be normalised, which its own Pendulum
    does not fulfil either."""
    register()
    env = gymnasium.make(f"ppo_doctor/{name}-v0").unwrapped
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*recommend using a symmetric and normalized space.*")
        check_env(env)


def test_registering_twice_is_fine():
    assert register() == register()
    assert "ppo_doctor/cartpole-v0" in register()


def test_same_seed_same_episode():
    def play(seed):
        env = GymnasiumEnv("cartpole")
        obs, _ = env.reset(seed=seed)
        return np.stack([obs] + [env.step(t % 2)[0] for t in range(20)])

    np.testing.assert_array_equal(play(3), play(3))
    assert not np.array_equal(play(3), play(4))


def test_episodes_of_one_seed_differ():
    env = GymnasiumEnv("cartpole")
    first, _ = env.reset(seed=1)
    second, _ = env.reset()
    assert not np.array_equal(first, second)


def test_steps_are_those_of_the_environment():
    """The wrapper adds no dynamics: the same state and action give the same step."""
    env = GymnasiumEnv("cartpole")
    env.reset(seed=0)
    for t in range(10):
        _, expected = env.env.step(jnp.zeros(4), env._state, jnp.int32(t % 2))
        obs, reward, terminated, truncated, info = env.step(t % 2)
        np.testing.assert_allclose(obs, expected.view.obs, rtol=1e-5, atol=1e-6)
        assert (reward, terminated, truncated) == (1.0, bool(expected.terminated), False)
        assert info["reward_terms"] == {"upright": 1.0}
        assert info["metrics"] == {"invalid": 0.0}


def test_the_time_limit_truncates():
    env = GymnasiumEnv("pendulum", max_steps=3)
    env.reset(seed=0)
    ends = [env.step(np.zeros(1, np.float32))[2:4] for _ in range(3)]
    assert ends == [(False, False), (False, False), (False, True)]


def masked(seed_range=range(20)):
    """A mask probe whose last action is illegal now."""
    env = GymnasiumEnv("probe_mask")
    for seed in seed_range:
        _, info = env.reset(seed=seed)
        if not info["action_mask"].all():
            return env, info
    raise AssertionError("no masked state in twenty")


def test_the_mask_is_in_info_and_in_action_masks():
    env, info = masked()
    assert info["action_mask"].tolist() == [1, 1, 0]
    assert env.action_masks().tolist() == [True, True, False]
    assert {int(env.action_space.sample(info["action_mask"])) for _ in range(50)} == {0, 1}


def test_an_illegal_action_is_replaced_and_counted():
    env, _ = masked()
    _, reward, *_, info = env.step(2)
    assert (reward, info["metrics"]["invalid"]) == (0.0, 1.0)


def test_an_illegal_action_can_be_refused():
    env, _ = masked()
    env.illegal = "raise"
    with pytest.raises(UserError, match="action 2 is illegal"):
        env.step(2)


def test_only_the_illegal_part_is_replaced():
    env = GymnasiumEnv("probe_parts")
    while True:
        obs, info = env.reset()
        if obs[0] < 0:
            break
    assert info["action_mask"].tolist() == [1, 1, 1, 1, 0]
    _, reward, *_, info = env.step(np.array([0, 2]))
    assert (reward, info["metrics"]["invalid"]) == (1.0, 1.0)


def test_bad_use_is_one_clear_line():
    with pytest.raises(UserError, match="has 3"):
        GymnasiumEnv("probe_agents")
    with pytest.raises(UserError, match="illegal must be"):
        GymnasiumEnv("cartpole", illegal="ignore")
    with pytest.raises(UserError, match="reset"):
        GymnasiumEnv("cartpole").step(0)


def test_dictionary_observations_become_a_dict_space():
    env = GymnasiumEnv("batch_jobs", n_jobs=16, window=8)
    obs, info = env.reset(seed=0)
    assert env.observation_space.contains(obs)
    assert set(obs) == {"items_", "context"}
    assert info["action_mask"].shape == (env.action_space.n,)


@pytest.mark.parametrize(("name", "params"), [("probe_mask", {}), ("batch_jobs", {"n_jobs": 16, "window": 8})])
def test_maskable_ppo_trains_one_rollout(name, params):
    """sb3-contrib finds the mask and never plays an illegal action."""
    contrib = pytest.importorskip("sb3_contrib")
    env = GymnasiumEnv(name, illegal="raise", **params)
    policy = "MultiInputPolicy" if isinstance(env.observation_space, gymnasium.spaces.Dict) else "MlpPolicy"
    model = contrib.MaskablePPO(policy, env, n_steps=64, batch_size=32, n_epochs=1, seed=0, device="cpu")
    model.learn(64)
    assert model.num_timesteps == 64
    assert not np.array(model.rollout_buffer.action_masks).all()


def test_observations_own_their_memory():
    """A stored observation does not change under the next step."""
    env = GymnasiumEnv("cartpole")
    obs, _ = env.reset(seed=0)
    kept = jax.tree.map(np.copy, obs)
    env.step(0)
    np.testing.assert_array_equal(obs, kept)
    assert obs.flags.writeable
