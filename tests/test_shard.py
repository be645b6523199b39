"""Placement over several accelerators, shown on two virtual CPU devices without running anything on them."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from jax.sharding import PartitionSpec

from ppo_doctor.errors import UserError
from ppo_doctor.train import envs, ppo, shard
from ppo_doctor.train.config import Config, Network

CONFIG = Config(n_envs=4, n_steps=8, batch_size=16, n_epochs=1, network=Network("mlp", (8,), (8,)))

PLACE = """
import jax
from ppo_doctor.train import envs, ppo, rollout, shard, stacked
import test_shard as t

rollout.renewed = rollout._reset_all  # what accelerators run; the CPU's form is a loop over what ended
assert jax.device_count() == 2
env, on = envs.make("cartpole"), shard.mesh()
learner = ppo.init(t.CONFIG, env, 0)

placed = shard.place(learner, t.CONFIG, on)
for leaf in jax.tree.leaves(placed.worlds):
    shapes = [s.data.shape for s in leaf.addressable_shards]
    assert shapes == [(leaf.shape[0] // 2, *leaf.shape[1:])] * 2, shapes
for leaf in jax.tree.leaves(placed._replace(worlds=())):
    assert leaf.sharding.is_fully_replicated

compiled = ppo.update.lower(t.CONFIG, shard.replicate(env, on), placed).compile()
after, _ = compiled.output_shardings
assert all(s.is_fully_replicated for s in jax.tree.leaves((after.model, after.optimiser)))
assert not any(s.is_fully_replicated for s in jax.tree.leaves(after.worlds.view)), "environments stay where they are"

many = stacked.stack([ppo.init(t.CONFIG, env, seed) for seed in (0, 1)])
for leaf in jax.tree.leaves(shard.place(many, t.CONFIG, on, stacked=2)):
    assert [s.data.shape[0] for s in leaf.addressable_shards] == [1, 1]

lowered = stacked.compiled(t.CONFIG).lower(shard.replicate(env, on), shard.place(many, t.CONFIG, on, 2))
text = lowered.compile().as_text()
assert "all-reduce" not in text and "all-gather" not in text, "seeds need no communication"
print("placed")
"""


def test_environments_are_split_and_parameters_are_on_every_device():
    env = os.environ | {
        "XLA_FLAGS": "--xla_force_host_platform_device_count=2",
        "JAX_PLATFORMS": "cpu",
        "PYTHONPATH": os.path.dirname(__file__),
    }
    done = subprocess.run(
        [sys.executable, "-c", PLACE], env=env, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.stdout == "placed\n", done.stderr


@pytest.fixture(scope="module")
def learner() -> ppo.Learner:
    return ppo.init(CONFIG, envs.make("cartpole"), 0)


def test_one_learner_splits_its_environments(learner: ppo.Learner):
    rules = shard.rules(learner, n_envs=4, n_devices=2)
    assert rules.worlds.ep_return == PartitionSpec(shard.AXIS)
    assert rules.key == PartitionSpec()


def test_seeds_are_split_when_they_divide_and_environments_otherwise(learner: ppo.Learner):
    assert shard.rules(learner, 4, 2, stacked=6).key == PartitionSpec(shard.AXIS)
    odd = shard.rules(learner, 4, 2, stacked=3)
    assert odd.key == PartitionSpec()
    assert odd.worlds.ep_return == PartitionSpec(None, shard.AXIS)


def test_what_cannot_be_shared_evenly_is_refused(learner: ppo.Learner):
    with pytest.raises(UserError, match=r"n_envs 4.*multiple of 3"):
        shard.rules(learner, n_envs=4, n_devices=3)
    with pytest.raises(UserError, match="nor 2 seeds"):
        shard.rules(learner, n_envs=4, n_devices=3, stacked=2)
