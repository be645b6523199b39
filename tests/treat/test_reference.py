"""A foreign log against the reference: its settings are taken over, its return is what is compared."""

import math

import numpy as np
import pytest

from ppo_doctor import cli
from ppo_doctor.errors import UserError
from ppo_doctor.run import synthetic
from ppo_doctor.train.config import Config, Schedule, constant
from ppo_doctor.treat import reference

LOG = synthetic(
    "a log",
    every=512,
    n_envs=4,
    n_steps=128,
    batch_size=100,
    gamma=0.9,
    normalize_advantage=0.0,
    target_kl=0.02,
    learning_rate_start=1e-3,
    learning_rate_end=0.0,
    clip_coef_value=[0.3] * 8,
    mean_ep_return=[9.0] * 4 + [20.0, 30.0, 40.0, 50.0],
)


def test_the_settings_of_the_log_are_taken_over():
    config = reference.settings(LOG).config
    assert (config.n_envs, config.n_steps, config.gamma, config.target_kl) == (4, 128, 0.9, 0.02)
    assert config.learning_rate == Schedule(1e-3, 0.0, "linear")
    assert config.clip_coef == constant(0.3)
    assert config.normalize_advantage is False
    assert config.total_steps == 8 * 512
    assert config.n_epochs == Config().n_epochs


def test_a_batch_that_does_not_divide_the_rollout_becomes_the_next_smaller_one_that_does():
    assert reference.settings(LOG).config.batch_size == 64


def test_what_the_log_does_not_say_is_said():
    assert reference.settings(LOG).unknown == ("n_epochs", "ent_coef", "vf_coef", "max_grad_norm", "gae_lambda")


def test_steps_can_be_fewer():
    assert reference.settings(LOG, steps=1000).config.total_steps == 1000


def test_the_last_quarters_are_compared():
    """By hand: the log ends at 40 (median of its last three), the reference at 100 and 120; t(.95, 1) = 6.3138."""
    rows = {0: [(k, 100.0) for k in range(8)], 1: [(k, 0.0) for k in range(6)] + [(6, math.nan), (7, 120.0)]}
    low = 70 - 6.31375 * np.std([60, 80], ddof=1) / math.sqrt(2)
    assert reference.compared(LOG, rows, random=10.0) == pytest.approx(low / 100, rel=1e-4)


def test_a_log_without_a_return_is_refused():
    with pytest.raises(UserError, match="no return of episodes"):
        reference.compared(synthetic("no return", entropy=[0.5] * 4), {0: [(1, 1.0)], 1: [(1, 1.0)]}, 0.0)


def test_no_number_is_no_evidence():
    assert reference.SIGNAL not in reference.tried(LOG, math.nan, 9.0)
    found = reference.tried(LOG, 0.4, 9.0)
    assert (found.scalar(reference.SIGNAL), found.scalar("random_return")) == (0.4, 9.0)


@pytest.mark.slow
def test_a_broken_learner_is_told_from_a_hard_task(tmp_path, monkeypatch, capsys):
    """A log that stays at random play although CartPole is learnable with its settings: our learner reaches over 60 in
    15,000 steps on every seed seen (10 of 10), three times what random play has."""
    monkeypatch.chdir(tmp_path)
    rows = [f"{1024 * k},{20 + k % 3},{0.0003},0.2" for k in range(1, 16)]
    head = "time/total_timesteps,rollout/ep_rew_mean,train/learning_rate,train/clip_range"
    (tmp_path / "progress.csv").write_text("\n".join([head, *rows]) + "\n")
    assert cli.main(["trial", "progress.csv", "--env", "CartPole-v1", "--seeds", "3", "--json"]) == 0
    out = capsys.readouterr().out
    assert '"trial_gain_reference_learner": 0.' in out
    assert out.index('"id"') < out.index("healthy")
