"""What an update needs of memory, against what a rollout really holds."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import pytest

from ppo_doctor.errors import UserError
from ppo_doctor.train import envs, memory, ppo, rollout
from ppo_doctor.train.config import Config

SMALL = replace(Config(), n_envs=3, n_steps=5, batch_size=15, signals=False)


@pytest.mark.parametrize("name", ["cartpole", "pendulum", "probe_agents"])
def test_the_estimate_is_never_above_what_collecting_holds(name):
    """Both without the hidden units; the rollout kept, and the worlds after it, are shapes that JAX works out."""
    env = envs.make(name)
    config = replace(SMALL, batch_size=5, network=replace(SMALL.network, actor=(), critic=()))
    learner = ppo.init(config, env, 0)
    noise = jax.eval_shape(lambda: jax.vmap(env.draw)(jax.random.split(jax.random.key(0), 15)))
    held = jax.eval_shape(
        lambda one: rollout.collect(config, env, one.model, one.norms, one.worlds, one.key, jnp.ones(())), learner
    )
    bytes_of = sum(leaf.size * leaf.dtype.itemsize for leaf in jax.tree.leaves((noise, held[:2])))
    action = 4 * 15 * env.num_agents * (2 if name == "pendulum" else 1)
    assert 0.6 * bytes_of < memory.needed(config, env) <= bytes_of + action


def test_more_environments_need_more_in_proportion_and_wide_networks_add_theirs():
    env = envs.make("cartpole")
    one, two = (memory.needed(replace(SMALL, n_envs=n, batch_size=1), env) for n in (1000, 2000))
    assert two == pytest.approx(2 * one, rel=1e-2)
    wide = replace(SMALL, network=replace(SMALL.network, actor=(10_000,)))
    assert memory.needed(wide, env) - memory.needed(SMALL, env) == 15 * (10_000 - 128) * 4
    assert memory.needed(replace(wide, grad_chunks=15), env) < memory.needed(wide, env)


def test_a_container_may_have_less_than_its_machine(tmp_path, monkeypatch):
    limit, none = tmp_path / "memory.max", tmp_path / "unlimited"
    none.write_text("max\n")
    monkeypatch.setattr(memory, "CONTAINER", (str(none), str(tmp_path / "absent")))
    machine = memory.available()
    assert machine is not None
    assert machine > 2**27
    limit.write_text(f"{2**26}\n")
    monkeypatch.setattr(memory, "CONTAINER", (str(none), str(limit)))
    assert memory.available() == 2**26


@pytest.mark.parametrize(("n_envs", "n_steps", "lower"), [(10_000, 10, "n_envs"), (10, 10_000, "n_steps")])
def test_what_is_too_large_is_refused_and_what_fits_is_not(n_envs, n_steps, lower, monkeypatch):
    env, config = envs.make("cartpole"), replace(SMALL, n_envs=n_envs, n_steps=n_steps)
    need = memory.needed(config, env)
    monkeypatch.setattr(memory, "available", lambda: need)
    memory.check(config, env)
    monkeypatch.setattr(memory, "available", lambda: None)
    memory.check(config, env)
    monkeypatch.setattr(memory, "available", lambda: need - 1)
    with pytest.raises(UserError, match=rf"{n_envs:,} environments x {n_steps:,} steps needs at least .*lower {lower}"):
        memory.check(config, env)
