"""Trials of a run of ours: what is trained, where it lies, and what is made of it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from ppo_doctor import cli, store
from ppo_doctor.errors import UserError
from ppo_doctor.train import envs
from ppo_doctor.train.config import constant
from ppo_doctor.train.job import Job
from ppo_doctor.treat import trial

DEFAULT = envs.module("cartpole").CONFIGS["default"]
SLOW = replace(DEFAULT, learning_rate=constant(1e-6), vf_coef=1e4)


def trained(job: Job, *returns: float, status: str = "finished") -> Job:
    """A run directory as `train` leaves it, with these evaluations."""
    with store.create(job.path, job.meta()) as writer:
        writer.add_scalars({"random_return": 20.0})
        for k, value in enumerate(returns):
            writer.append(100 * (k + 1), k + 1, {"eval_mean_return": value})
        writer.finish(status)
    return job


def job(path: Path, seed: int = 0, config=SLOW) -> Job:
    return Job("cartpole", {}, config, seed, path, 1, 4)


def test_every_arm_is_the_same_training_with_other_settings_and_the_same_seeds(tmp_path: Path) -> None:
    path = trained(job(tmp_path / "bad", seed=3), 20.0).path
    plan = trial.plan(path, n_seeds=3)
    assert plan.seeds == (3, 4, 5)
    rate, value = plan.found
    assert (rate.setting, value.setting) == ("learning_rate", "vf_coef")
    assert [(one.seed, one.config, one.path.name) for one in plan.jobs((rate,))] == [
        (seed, replace(SLOW, learning_rate=constant(1e-3)), f"seed{seed}") for seed in (3, 4, 5)
    ]
    both = plan.jobs((rate, value))
    assert {one.config for one in both} == {replace(SLOW, learning_rate=constant(1e-3), vf_coef=0.5)}
    assert both[0].path == tmp_path / "bad-trials" / "higher_learning_rate+smaller_value_coef" / "seed3"
    assert [(one.seed, one.config) for one in plan.jobs(())] == [(4, SLOW), (5, SLOW)]


def test_seeds_that_the_run_has_are_not_trained_again(tmp_path: Path) -> None:
    for seed in range(3):
        trained(job(tmp_path / "bad" / f"seed{seed}", seed), 20.0)
    plan = trial.plan(tmp_path / "bad", n_seeds=2)
    assert (plan.seeds, plan.jobs(())) == ((0, 1, 2), ())


def test_the_gain_is_that_of_the_last_evaluations_paired_by_seed(tmp_path: Path) -> None:
    path = trained(job(tmp_path / "bad"), 90.0, 20.0).path

    def train(arm, jobs) -> None:
        for one in jobs:
            trained(one, 0.0, 60.0 + 10.0 * one.seed if arm else 30.0)

    found = trial.conduct(trial.plan(path, only=["learning_rate"], n_seeds=2), train)
    assert found.gains == {"trial_gain_higher_learning_rate": pytest.approx(40.0 / 45.0)}


def test_a_training_without_an_evaluation_leaves_its_gain_unknown(tmp_path: Path) -> None:
    path = trained(job(tmp_path / "bad"), 20.0).path

    def train(arm, jobs) -> None:
        for one in jobs:
            trained(one, *([30.0] if one.seed else []))

    assert trial.conduct(trial.plan(path, n_seeds=2), train).gains == {}


def test_a_usual_configuration_needs_no_training(tmp_path: Path) -> None:
    path = trained(job(tmp_path / "good", config=DEFAULT), 200.0).path

    def train(arm, jobs) -> None:
        raise AssertionError((arm, jobs))

    found = trial.conduct(trial.plan(path), train)
    assert (found.tried, found.gains, found.cure) == ({}, {}, ())


def test_a_run_that_goes_on_cannot_be_tried(tmp_path: Path) -> None:
    path = trained(job(tmp_path / "half"), 20.0, status="interrupted").path
    with pytest.raises(UserError, match="is interrupted, not finished: go on with `ppo-doctor train --resume"):
        trial.plan(path)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("trial", "nothing"), "no run 'nothing'"),
        (("trial", "bad", "--seeds", "1"), "--seeds must be at least 2"),
        (("trial", "bad", "--only", "gamma"), "nothing to try on gamma: far from usual are learning_rate, vf_coef"),
        (("trial", "bad", "--only", "gama"), "no trial of gama; did you mean gamma?"),
        (("trial", "bad", "--steps", "10"), "--steps is for --env"),
        (("trial", "bad", "--env", "CartPole-v1", "--only", "gamma"), "--only is for runs of ours"),
        (("trial", "progress.csv", "--env", "NoSuch-v0"), "unknown environment 'NoSuch-v0'"),
        (("trial", "progress.csv"), "no run 'progress.csv'"),
    ],
)
def test_a_mistake_is_one_line(
    words: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    trained(job(tmp_path / "runs" / "bad"), 20.0)
    (tmp_path / "progress.csv").write_text("time/total_timesteps,rollout/ep_rew_mean\n2048,20.0\n4096,21.0\n")
    assert cli.main(list(words)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err.splitlines()[-1]


@pytest.mark.slow
def test_two_wrong_settings_are_proved_by_training_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    """A rate of 1e-6 learns nothing, and neither does any rate once an epsilon of 10 divides its steps; with both put
    back CartPole rises far above random play within 25,600 steps on every seed seen (16 of 16, to 365 or more): the
    lower end over any three of them lies above 0.7. Then neither can be left out, which has been tried already. 50
    updates are enough not to be tried longer."""
    monkeypatch.chdir(tmp_path)
    broken = ("n_steps=64", "learning_rate=1e-6", "adam_eps=10")
    words = ("--steps", "25600", "--name", "slow", "--eval-every", "50", "--set", *broken)
    assert cli.main(["train", "cartpole", *words]) == 0
    capsys.readouterr()
    assert cli.main(["trial", "slow", "--seeds", "3"]) == 0
    out, err = capsys.readouterr()
    assert "only together do they help: learning_rate + adam_eps" in out
    assert err.count("training 3 seed(s) with") == 3
    run = store.load(tmp_path / "runs" / "slow")
    assert run.scalar("trial_gain_higher_learning_rate") > 0.5
    assert run.scalar("trial_gain_smaller_epsilon") > 0.5
    assert out.index("learning-rate-too-low") < out.index("unknown")
    assert cli.main(["trial", "slow", "--seeds", "3", "--json"]) == 0  # what is trained is kept
    assert json.loads(capsys.readouterr().out)["cure"] == ["learning_rate", "adam_eps"]
