"""Which features of an observation belong to which action."""

import jax
import numpy as np

from ppo_doctor.train import envs
from ppo_doctor.train.functional import layout
from ppo_doctor.train.probes.observation_audit import pooled


def test_a_column_per_action_is_that_actions_features():
    env = envs.make("batch_jobs", n_jobs=8, window=4)
    _, view = env.reset(env.draw(jax.random.key(0)))
    seen = np.concatenate([np.ravel(x) for x in jax.tree.leaves(view.obs)])
    found = layout(env, view.obs)
    items = np.asarray(view.obs["items"])
    assert found.width == seen.size
    assert np.array_equal(found.rows(np, seen), np.pad(items.T, ((0, 0), (0, 1))))

    together, names = pooled(seen[None], found)
    kept = [names.index(f"items.{i}.*") for i in range(len(items))]
    assert np.array_equal(together[:, kept], items.T)
    assert len(names) == together.shape[1] == len(set(names))
