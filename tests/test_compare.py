"""Paired comparison on report seeds."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import scipy.stats

from ppo_doctor import jsonl
from ppo_doctor.errors import UserError
from ppo_doctor.train import compare, evaluate, session
from ppo_doctor.train.config import Config, Network
from ppo_doctor.train.job import Job

RNG = np.random.default_rng(7)


def test_the_interval_of_a_mean_is_the_percentile_bootstrap():
    x = RNG.exponential(size=(1, 300))
    ours = compare.interval(x.mean(), compare.means(x, compare.weights(1, 300)))
    theirs = scipy.stats.bootstrap(x, np.mean, n_resamples=4000, method="percentile", rng=1).confidence_interval
    assert ours.mean == x.mean()
    np.testing.assert_allclose([ours.low, ours.high], [theirs.low, theirs.high], atol=0.02)


def test_a_policy_equals_itself_exactly():
    x = RNG.normal(5, 1, size=(1, 100))
    found = compare.versus(x, x)
    assert found.difference == (0, 0, 0)
    assert found.ratio == (1, 1, 1)


def test_what_an_episode_adds_to_all_cancels():
    hard = RNG.normal(100, 30, size=(1, 200))
    a, b = hard + RNG.normal(0, 1, size=(1, 200)), hard + 1 + RNG.normal(0, 1, size=(1, 200))
    paired = compare.versus(a, b).difference
    assert paired.high < 0, "a difference of 1 is clear under pairing"
    assert paired.high - paired.low < 1
    alone = compare.interval(a.mean(), compare.means(a, compare.weights(1, 200)))
    assert alone.high - alone.low > 5, "though each mean is uncertain by much more"


def test_intervals_grow_with_the_spread_between_training_seeds():
    episodes = RNG.normal(0, 1, size=(1, 200))
    alike, unlike = np.repeat(episodes, 4, axis=0), episodes + np.array([[-3.0], [-1.0], [1.0], [3.0]])
    baseline = np.zeros((1, 200))
    narrow, wide = (compare.versus(x, baseline).difference for x in (alike, unlike))
    assert wide.high - wide.low > 5 * (narrow.high - narrow.low)


def test_two_sets_of_training_seeds_are_drawn_apart():
    x = np.zeros((3, 50)) + np.array([[0.0], [10.0], [20.0]])
    found = compare.versus(x, x).difference
    assert found.low < -3
    assert found.high > 3, "equal seeds by number are not the same training"


def test_the_paired_interval_covers_the_truth():
    inside = 0
    for _ in range(100):
        episode = RNG.normal(0, 5, size=(1, 60))
        a, b = episode + RNG.normal(0, 1, size=(1, 60)), episode + RNG.normal(0.5, 1, size=(1, 60))
        found = compare.versus(a, b).difference
        inside += found.low <= -0.5 <= found.high
    assert 0.88 <= inside / 100 <= 0.99


def test_a_ratio_of_what_is_not_positive_is_undefined():
    found = compare.versus(np.full((1, 10), -2.0), np.full((1, 10), -1.0))
    assert np.isnan(found.ratio.mean)
    assert found.difference.mean == -1


def test_unequal_episodes_cannot_be_paired():
    with pytest.raises(ValueError, match="cannot be paired"):
        compare.versus(np.zeros((1, 10)), np.zeros((1, 20)))


CONFIG = Config(
    total_steps=64 * 6, n_envs=4, n_steps=16, batch_size=32, n_epochs=2, network=Network("mlp", (16,), (16,))
)


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory) -> list[Job]:
    """Two trained seeds."""
    root = tmp_path_factory.mktemp("runs")
    found = [Job("cartpole", {"max_steps": 40}, CONFIG, seed, root / f"seed{seed}", 3, 2) for seed in (0, 1)]
    for job in found:
        for _ in session.follow(job):
            pass
    return found


def test_the_table_has_ppo_its_seeds_and_every_baseline(jobs: list[Job], tmp_path: Path):
    table = compare.compare(jobs, episodes=8)
    assert [(row.name, row.kind) for row in table.rows] == [
        ("PPO", "ppo"),
        ("PPO seed 0", "seed"),
        ("PPO seed 1", "seed"),
        ("random", "baseline"),
        ("feedback", "baseline"),
    ]
    pooled, first, second, random, feedback = table.rows
    assert feedback.mean.mean == 40.0
    assert pooled.mean.mean == pytest.approx((first.mean.mean + second.mean.mean) / 2)
    assert first.worst_block <= first.mean.mean <= first.best_block
    assert random.versus is not None
    assert random.versus.difference.mean == pytest.approx(pooled.mean.mean - random.mean.mean)
    jsonl.write_json(tmp_path / "evaluation.json", table.as_dict())
    kept = json.loads((tmp_path / "evaluation.json").read_text())
    assert kept["seeds"] == [0, 1]
    assert kept["rows"][3]["versus"]["difference"]["low"] == random.versus.difference.low
    assert np.shape(kept["rows"][0]["values"]) == (2, 8)


def test_the_table_is_the_same_twice(jobs: list[Job]):
    one, two = (jsonl.encode(compare.compare(jobs, episodes=8).as_dict()) for _ in range(2))
    assert one == two


def test_report_episodes_are_not_those_of_validation(jobs: list[Job]):
    table = compare.compare(jobs, episodes=8)
    env = session.make(jobs[0], "validation")
    seen = evaluate.run_episodes(env, compare.agent(jobs[0], env, "best"), evaluate.seed_block("validation", 8), 40)
    assert not np.array_equal(table.rows[1].values[0], seen.returns)


def test_episodes_must_fill_the_blocks(jobs: list[Job]):
    with pytest.raises(UserError, match="use 12"):
        compare.compare(jobs, episodes=10)


def test_a_run_without_checkpoint_says_so(jobs: list[Job], tmp_path: Path):
    with pytest.raises(UserError, match="no checkpoint"):
        compare.compare([replace(jobs[0], path=tmp_path)], episodes=8)
