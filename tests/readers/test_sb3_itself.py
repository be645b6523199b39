"""A training of Stable-Baselines3 itself: its loggers agree with each other, its model zip gives the settings."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest

from ppo_doctor.adapters import logs
from ppo_doctor.run import Run

sb3 = pytest.importorskip("stable_baselines3")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four updates on CartPole, with every logger, a Monitor and a saved model."""
    from stable_baselines3.common.env_util import make_vec_env

    path = tmp_path_factory.mktemp("sb3")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        env = make_vec_env("CartPole-v1", n_envs=2, seed=0, monitor_dir=str(path / "monitor"))
        model = sb3.PPO("MlpPolicy", env, n_steps=32, batch_size=16, n_epochs=3, gamma=0.9, ent_coef=0.01, seed=0)
        model.set_logger(_every(path))
        model.learn(256)
    model.save(path / "csv" / "model.zip")
    model.logger.close()
    env.close()
    return path


def _every(path: Path):  # a logger that writes each container into a folder of its own
    from stable_baselines3.common.logger import Logger, make_output_format

    for kind in ("csv", "json", "tensorboard"):
        (path / kind).mkdir()
    outputs = [make_output_format(kind, str(path / kind)) for kind in ("csv", "json", "tensorboard")]
    return Logger(str(path), outputs)


def read(path: Path) -> Run:
    (source,) = logs.find(path)
    return logs.read(source)


def test_csv_json_and_tensorboard_say_the_same(folder: Path) -> None:
    runs = [read(folder / kind) for kind in ("csv", "json", "tensorboard")]
    assert [run.meta["formats"] for run in runs] == [["sb3"]] * 3
    for name in ("entropy", "approx_kl_last", "v_loss", "explained_variance", "clip_frac", "mean_ep_return"):
        first = runs[0].series(name)
        assert len(first) >= 3
        for other in runs[1:]:
            assert other.series(name).step.tolist() == first.step.tolist()
            np.testing.assert_allclose(other.series(name).value, first.value, rtol=1e-4)
    assert (runs[0].series("entropy").value > 0.6).all(), "near log 2, and not minus that"
    assert runs[0].series("epochs_run").value.tolist() == [3.0] * 2
    assert runs[0].scalar("rollout_rows") == 64


def test_the_saved_model_gives_the_settings(folder: Path) -> None:
    run = read(folder / "csv")
    wanted = {"n_envs": 2, "n_steps": 32, "batch_size": 16, "n_epochs": 3, "gamma": 0.9, "ent_coef_start": 0.01}
    wanted |= {"n_actions": 2, "learning_rate_start": 0.0003, "total_steps": 256}
    assert {name: run.scalar(name) for name in wanted} == wanted
    assert run.scalar("gamma") is not None
    assert read(folder / "json").scalar("gamma") is None, "nothing lies beside that log"


def test_both_environments_monitors_are_merged(folder: Path) -> None:
    run = read(folder / "monitor")
    assert run.meta["formats"] == ["sb3_monitor"]
    assert 200 < run.last_step <= 256
    np.testing.assert_array_equal(run.series("mean_ep_return").value, run.series("mean_ep_length").value)
