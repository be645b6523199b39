"""PPO with a probe's own configuration finds the probe's exact values and best actions, on three seeds each."""

from __future__ import annotations

import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from ppo_doctor.train import distribution, envs, evaluate, ppo, rollout
from ppo_doctor.train.env import Box

PROBES = [
    *((name, {}) for name in envs.names() if name.startswith("probe_")),
    ("probe_truncation", {"terminal": True}),
]


def plain(name):
    """The system's own configuration without signals, which change nothing and take longest to compile."""
    return dataclasses.replace(envs.module(name).CONFIGS["default"], signals=False)


def trained(config, env, seed):
    """The learner after the last update within `total_steps`."""
    for learner, signals in ppo.train(config, env, seed):
        if signals["env_steps"] + config.rollout_rows > config.total_steps:
            return learner
    raise AssertionError("not one update fits total_steps")


def answers(config, env, learner, known):
    """The learner's values and greedy actions at the known observations, shaped as the known ones."""
    rows = known["value"].size  # agents are rows
    obs, mask = (jnp.asarray(known[part]).reshape(rows, known[part].shape[-1]) for part in ("obs", "mask"))
    head = learner.model.act(rollout.see(config, learner.norms, obs))
    act = jax.vmap(lambda out, m: distribution.mode(env.space, distribution.Head(out, head.log_std), m))
    action = distribution.to_env(env.space, act(head.out, mask), config.network.squash)
    value = rollout.values(config, learner.model, learner.norms, obs)
    return np.asarray(value).reshape(known["value"].shape), np.asarray(action).reshape(known["action"].shape)


def test_all_ten_probes_take_part():
    assert len({name for name, _ in PROBES}) == 10


@pytest.mark.parametrize(("name", "params"), PROBES, ids=lambda x: str(x))
def test_probe_is_solved_on_every_seed(name, params):
    """Greedy actions are the best ones (real ones within 2 % of half a range), values within 3 % of the largest.

    The values are the best policy's, so the sampling policy's own may stay a little below: not exact to float error.
    """
    env, config = envs.make(name, **params), plain(name)
    known = envs.module(name).known(env, config.gamma)
    named = known["action"] != -1
    for seed in (0, 1, 2):
        learner = trained(config, env, seed)
        value, action = answers(config, env, learner, known)
        np.testing.assert_allclose(value, known["value"], atol=0.03 * max(1.0, np.abs(known["value"]).max()))
        if isinstance(env.space, Box):
            half = (np.array(env.space.high) - np.array(env.space.low)) / 2
            np.testing.assert_allclose(action / half, known["action"] / half, atol=0.02)
        else:
            np.testing.assert_array_equal(action[named], known["action"][named])


# Each with the configuration documented beside it, greedily on 64 episodes that training never saw. CartPole-v1 counts
# as solved at a mean of 475 (Gymnasium), here within 150,000 steps. Pendulum-v1 has no official bound: random play gets
# about -1200, the best policies about -150, and a mean above -300 leaves no room for a tenth of failed swing-ups.
LEARNS = [("cartpole", 475.0), ("pendulum", -300.0)]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "bound"), LEARNS)
def test_a_classic_system_is_learned_on_five_of_five_seeds(name, bound):
    module, env = envs.module(name), envs.make(name)
    config, test = plain(name), envs.make(name, split="report")
    assert name == "pendulum" or config.total_steps <= 150_000
    for seed in range(5):
        learner = trained(config, env, seed)
        agent = evaluate.Agent(config, test, learner.model, learner.norms, True)
        scores = evaluate.run_episodes(test, agent, evaluate.seed_block("report", 64), module.MAX_STEPS)
        assert scores.returns.mean() > bound, f"seed {seed}"
