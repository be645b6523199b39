"""The audit looks again where one rollout cannot tell."""

from __future__ import annotations

import math

import pytest

from ppo_doctor.train import audit, envs, fault, ppo
from ppo_doctor.train.config import Config, Network
from ppo_doctor.train.learner import HEALTHY

SMALL = Config(
    total_steps=512, n_envs=16, n_steps=16, batch_size=64, n_epochs=1, network=Network(actor=(8,), critic=(8,))
)


@pytest.mark.parametrize(("name", "wrong"), [(None, False), ("reward_misaligned", True)])
def test_rare_rewards_are_waited_for(name: str | None, wrong: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """One step in five hundred of random play reaches the goal: the 256 rows of this rollout have none."""
    env, config, parts = envs.make("frozen_lake"), SMALL, HEALTHY
    if name is not None:
        env, config, parts = fault.inject(fault.find(name), env, config)
    learner = ppo.init(config, env, 0)
    found = audit.audit(config, env, learner, parts)["reward_misaligned_frac"]
    assert (found > 0.5) == wrong
    assert not math.isnan(found)
    monkeypatch.setattr(audit, "MORE_LOOKS", 0)
    assert math.isnan(audit.audit(config, env, learner, parts)["reward_misaligned_frac"])


def test_a_rollout_of_one_step_has_no_transitions_to_compare():
    env = envs.make("probe_truncation", split="train")
    config = Config(total_steps=64, n_envs=16, n_steps=1, batch_size=16, n_epochs=1)
    found = audit.audit(config, env, ppo.init(config, env, 0))
    assert math.isnan(found["transition_gap_frac"])
    assert found["done_mismatch"] == found["obs_aliased_frac"] == 0.0
