"""The rules on real CartPole runs: silent on one that learns, and naming what was broken on purpose."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from ppo_doctor import store
from ppo_doctor.diagnose.engine import diagnose
from ppo_doctor.train import session
from ppo_doctor.train.config import Config, Schedule, constant

LEARNS = Config(
    total_steps=60_000,
    n_envs=8,
    n_steps=32,
    batch_size=256,
    n_epochs=20,
    learning_rate=Schedule(1e-3, 0.0, "linear"),
    clip_coef=Schedule(0.2, 0.0, "linear"),
    ent_coef=constant(0.0),
    gamma=0.98,
    gae_lambda=0.8,
)
"""RL Baselines3 Zoo's CartPole, stated here so that a change of our default does not change what is tested."""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, set()),
        ({"learning_rate": constant(0.1)}, {"kl-spike", "entropy-collapse", "not-above-random"}),
        ({"learning_rate": constant(3e-8)}, {"explained-variance-low"}),
    ],
    ids=["healthy", "steps too large", "steps too small"],
)
def test_findings_on_cartpole(tmp_path: Path, changes: dict[str, Any], expected: set[str]) -> None:
    config = dataclasses.replace(LEARNS, **changes)
    for _ in session.run("cartpole", {}, config, 0, tmp_path / "run", eval_every=20, eval_episodes=8):
        pass
    report = diagnose(store.load(tmp_path / "run"))
    assert report.counts["crashed"] == 0
    found = {finding.rule for finding in report.findings}
    assert expected <= found
    assert bool(found) == bool(expected)
