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


def findings(folder: Path, changes: dict[str, Any], seed: int) -> set[str]:
    config = dataclasses.replace(LEARNS, **changes)
    for _ in session.run("cartpole", {}, config, seed, folder, eval_every=20, eval_episodes=8):
        pass
    report = diagnose(store.load(folder))
    assert report.counts["crashed"] == 0
    return {finding.rule for finding in report.findings}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"learning_rate": constant(0.1)}, {"kl-spike", "entropy-collapse", "learning-rate-extreme"}),
        ({"learning_rate": constant(3e-8)}, {"explained-variance-low", "updates-too-small", "learning-rate-low"}),
    ],
    ids=["steps too large", "steps too small"],
)
def test_what_was_broken_is_found_on_cartpole(tmp_path: Path, changes: dict[str, Any], expected: set[str]) -> None:
    assert expected <= findings(tmp_path / "run", changes, 0)


@pytest.mark.slow
def test_cartpole_that_learns_has_no_findings(tmp_path: Path) -> None:
    """With 20 epochs an update, about one training in ten loses its return for a while, and that is then rightly said;
    which one depends on the last bit of the arithmetic. Three such among five seeds are less than one in a hundred."""
    clean = [not findings(tmp_path / str(seed), {}, seed) for seed in range(5)]
    assert sum(clean) >= 3
