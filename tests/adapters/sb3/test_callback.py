"""What the callback promises to the script it is added to."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from stable_baselines3 import A2C, DQN, PPO
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.env_util import make_vec_env
from stable_baselines3.common.vec_env import SubprocVecEnv

from ppo_doctor import store
from ppo_doctor.adapters.sb3 import Doctor
from ppo_doctor.adapters.sb3.buffer import invariants
from ppo_doctor.adapters.sb3.guard import Allowance
from ppo_doctor.errors import UserError


@pytest.fixture
def model(toy: Any, small: dict[str, Any]) -> Callable[..., PPO]:
    return lambda **changes: PPO("MlpPolicy", make_vec_env(toy, n_envs=2, seed=0), **{**small, **changes})


@pytest.fixture
def doctor(tmp_path: Path) -> Callable[..., Doctor]:
    def make(name: str = "run", **options: Any) -> Doctor:
        said: list[str] = []
        made = Doctor(tmp_path / name, **{"share": math.inf, "say": said.append, **options})
        made.said = said
        return made

    return make


class Stops(BaseCallback):
    """Presses Ctrl-C in the middle of a rollout."""

    def _on_step(self) -> bool:
        if self.n_calls == 150:
            raise KeyboardInterrupt
        return True


def test_it_does_not_change_the_training_by_a_bit(model: Any, doctor: Any) -> None:
    alone = model().learn(384)  # building a model seeds torch
    seen = model().learn(384, callback=doctor())
    for a, b in zip(alone.policy.parameters(), seen.policy.parameters(), strict=True):
        assert torch.equal(a, b)
    assert torch.equal(*(torch.tensor(one.rollout_buffer.rewards) for one in (alone, seen)))


def test_it_leaves_the_environments_as_they_were(model: Any, doctor: Any) -> None:
    one = model()
    one.learn(128, callback=doctor())
    assert all("step" not in vars(env.unwrapped) for env in one.get_env().envs)


def test_an_error_of_ours_is_said_once_and_kept(model: Any, doctor: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise ZeroDivisionError("ours")

    monkeypatch.setattr(f"{invariants.__module__}.invariants", broken)
    observer = doctor()
    model().learn(512, callback=observer)
    assert [line for line in observer.said if "ZeroDivisionError" in line] == [
        "ppo-doctor: cannot do stored (ZeroDivisionError: ours); the training goes on without it"
    ]
    assert "broken" in json.loads((observer.path / "doctor_errors.json").read_text())["do stored"]
    assert store.load(observer.path).last_step == 512  # all else is recorded


def test_a_directory_that_cannot_be_written_only_costs_the_record(model: Any, tmp_path: Path, doctor: Any) -> None:
    (tmp_path / "file").write_text("")
    observer = doctor("file/run")
    model().learn(128, callback=observer)
    assert len(observer.said) == 1
    assert "cannot start recording" in observer.said[0]


@pytest.mark.parametrize("algorithm", [A2C, DQN])
def test_other_algorithms_are_told_and_left_alone(algorithm: Any, toy: Any, doctor: Any) -> None:
    observer = doctor()
    algorithm("MlpPolicy", make_vec_env(toy, n_envs=1), device="cpu").learn(64, callback=observer)
    assert [line for line in observer.said if "is not PPO" in line] == observer.said != []


def test_ctrl_c_keeps_what_was_recorded_and_ends_with_a_diagnosis(model: Any, doctor: Any) -> None:
    observer = doctor()
    with pytest.raises(KeyboardInterrupt):
        model().learn(1000, callback=[observer, Stops()])
    observer.finish("interrupted")  # the interpreter's exit does this
    run = store.load(observer.path)
    assert run.meta["status"] == "interrupted"
    assert run.last_step == 256
    assert "more with: ppo-doctor diagnose" in observer.said[-1]
    said = len(observer.said)
    observer.finish()
    assert len(observer.said) == said


def test_a_training_that_nan_breaks_is_explained(toy: Any, small: dict[str, Any], doctor: Any) -> None:
    class Broken(toy):
        def step(self, action: Any) -> Any:
            obs, reward, *rest = super().step(action)
            return (obs, reward if self.t < 8 else math.nan, *rest)

    observer = doctor()
    with pytest.raises(ValueError, match="invalid values"):  # torch, when the weights are gone
        PPO("MlpPolicy", make_vec_env(Broken, n_envs=2, seed=0), **small).learn(512, callback=observer)
    observer.finish("failed")
    (found,) = [one for one in observer.report.findings if one.rule == "nonfinite"]
    assert "nonfinite/reward" in {one.signal for one in found.evidence}


def test_continued_learning_goes_on_with_the_same_run(model: Any, doctor: Any, tmp_path: Path) -> None:
    one, observer = model(), doctor()
    one.learn(256, callback=observer)
    one.learn(256, callback=observer, reset_num_timesteps=False)
    assert store.load(observer.path).series("updates").value.tolist() == [1, 2, 3, 4]
    one.learn(128, callback=observer)  # counts from zero: another run
    assert observer.path == tmp_path / "run-1"
    assert store.load(observer.path).last_step == 128
    assert store.load(tmp_path / "run").last_step == 512


def test_a_saved_model_goes_on_with_its_run(model: Any, doctor: Any, toy: Any, tmp_path: Path) -> None:
    one = model()
    one.learn(256, callback=doctor())
    one.save(tmp_path / "model")
    again = PPO.load(tmp_path / "model", env=make_vec_env(toy, n_envs=2, seed=1), device="cpu")
    observer = doctor()
    again.learn(128, callback=observer, reset_num_timesteps=False)
    assert observer.path == tmp_path / "run"
    assert store.load(observer.path).last_step == 384


def test_two_lines_are_enough(
    model: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    model().learn(128, callback=Doctor())
    assert store.load(tmp_path / "runs" / "Toy-1").meta["producer"] == "stable-baselines3"
    assert "ppo-doctor diagnose runs/Toy-1" in capsys.readouterr().out


def test_what_is_known_beforehand_is_recorded_and_checked(model: Any, doctor: Any) -> None:
    with pytest.raises(UserError, match="rndom_return"):
        doctor(known={"rndom_return": 1.0})
    observer = doctor(known={"random_return": 1.0})
    model().learn(128, callback=observer)
    assert store.load(observer.path).scalar("random_return") == 1.0


def test_sb3_s_words_are_translated_and_carry_their_caveat(model: Any, doctor: Any) -> None:
    one, observer = model(), doctor()
    one.learn(128, callback=observer)
    run, logged = store.load(observer.path), one.logger.name_to_value
    assert run.series("v_loss").value[-1] == pytest.approx(logged["train/value_loss"] / 2)
    assert run.series("entropy").value[-1] == pytest.approx(-logged["train/entropy_loss"])
    assert "last epoch" in (run.series("approx_kl_mean").caveat or "")
    assert run.scalar("gamma") == 0.99
    assert run.scalar("rollout_rows") == 128


@pytest.mark.parametrize("vec_env", [None, SubprocVecEnv])
def test_the_time_limit_an_environment_declares_is_recorded(doctor: Any, small: dict[str, Any], vec_env: Any) -> None:
    observer = doctor()
    PPO("MlpPolicy", make_vec_env("CartPole-v1", 2, vec_env_cls=vec_env), **small).learn(128, callback=observer)
    run = store.load(observer.path)
    assert run.scalar("episode_limit") == 500
    assert run.meta["system"] == "CartPole-v1"


def test_the_allowance_bounds_the_work() -> None:
    allowance = Allowance(0.01)
    assert allowance.may()
    allowance.pay(5.0)
    assert not allowance.may()


@pytest.mark.parametrize(("share", "told"), [(1e-9, True), (math.inf, False)])
def test_updates_that_were_not_looked_at_are_told(
    share: float, told: bool, model: Callable[..., PPO], doctor: Callable[..., Doctor]
) -> None:
    observer = doctor(share=share)
    model().learn(8 * 128, callback=observer)
    assert any("looked at 1 of 8 updates" in line for line in observer.said) == told
