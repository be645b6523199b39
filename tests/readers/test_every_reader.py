"""What every reader of the open set must satisfy: names in the vocabulary, recognition, signs and factors, settings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from ppo_doctor.adapters import logs, readers
from ppo_doctor.adapters.format import Format, To, settings_of, translate
from ppo_doctor.adapters.table import Column, Table
from ppo_doctor.run import Series
from ppo_doctor.testing.readers import LAWS, Law, table

ALL = [readers.load(name) for name in readers.names()]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_every_reader_obeys_every_law(one: Format, law: Law) -> None:
    law(one)


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_a_reader_is_found_by_its_file_and_recognised_among_all(one: Format) -> None:
    assert readers.load(one.name) is one
    assert readers.recognise(table(one)) is one


def surplus(tables: list[Table]) -> Table:
    return tables[0].with_columns({**tables[0].columns, "mine/surplus": tables[0].columns["mine/kl"]})


def doubled(tables: list[Table]) -> Table:
    kl = tables[0].columns["mine/kl"]
    return tables[0].with_columns({**tables[0].columns, "mine/kl": Column(kl.row, 2.0 * kl.value)})


def nothing(made: Table, found: Mapping[str, Series]) -> dict[str, Series | float | str]:
    return {"entropy": Series("entropy", np.zeros(0), np.zeros(0))}


BAD = {
    "has no title": {"title": ""},
    "says in sentences": {"about": "a made-up tool"},
    "a caveat is a clause": {"columns": {"mine/kl": To("approx_kl_mean", caveat="It is halved.")}},
    "entropy is a series": {"settings": {"ent": "entropy"}},
    "left over: mine/surplus": {"prepare": surplus},
    "mine/kl -> approx_kl_mean": {"prepare": doubled},
    "entropy is empty": {"derive": nothing},
    "a log of nothing known": {"marks": ("mine/kl", "x")},
    "no signal is called": {"columns": {"mine/kl": To("kullback")}},
    "is no series": {"columns": {"mine/kl": To("gamma")}},
    "a factor needs a caveat": {"columns": {"mine/kl": To("approx_kl_mean", scale=2.0)}},
    "none of `marks`": {"marks": ("yours/kl",)},
    "takes logs of sb3": {"marks": ("train/approx_kl",), "columns": readers.load("sb3").columns},
}


@pytest.mark.parametrize("words", BAD)
def test_the_laws_name_what_is_wrong(words: str) -> None:
    good = {"marks": ("mine/kl",), "columns": {"mine/kl": To("approx_kl_mean")}, "about": "A made-up tool."}
    one = Format(name="mine", **{"title": "Mine", **good, **BAD[words]})
    with pytest.raises(AssertionError, match=words):
        for law in LAWS:
            law(one)


def test_what_is_not_understood_is_listed() -> None:
    one = readers.load("sb3")
    made = table(one)
    extra = made.with_columns({**made.columns, "rollout/success_rate": made.columns["train/std"]})
    assert translate([extra], one).unmapped == ("rollout/success_rate",)


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def read(path: Path):
    (source,) = logs.find(path)
    return logs.read(source)


def progress(steps: list[int], extra: str = "") -> str:
    rows = "".join(f"{step},{-step},{0.5 * step}{extra and ',1'}\n" for step in steps)
    return f"time/total_timesteps,train/entropy_loss,rollout/ep_rew_mean{extra}\n{rows}"


def test_a_restarted_log_keeps_both_parts_in_order_of_steps(tmp_path: Path) -> None:
    series = read(write(tmp_path / "progress.csv", progress([1, 2, 3, 4, 3, 4, 5]))).series("entropy")
    assert series.step.tolist() == [1, 2, 3, 3, 4, 4, 5]
    assert series.value.tolist() == [1, 2, 3, 3, 4, 4, 5]


def test_a_reordered_log_is_sorted(tmp_path: Path) -> None:
    series = read(write(tmp_path / "progress.csv", progress([5, 1, 4, 2]))).series("entropy")
    assert series.step.tolist() == [1, 2, 4, 5]


def test_nan_between_numbers_is_nothing_recorded_and_a_nan_tail_is_evidence(tmp_path: Path) -> None:
    rows = [f"{k},{-k if k % 3 == 0 else 'nan'}\n" for k in range(30)] + [f"{k},nan\n" for k in range(30, 35)]
    text = "time/total_timesteps,train/entropy_loss\n" + "".join(rows)
    value = read(write(tmp_path / "progress.csv", text)).series("entropy").value
    assert np.isfinite(value[:10]).all()
    assert np.isnan(value[10:]).all()
    assert len(value) == 17  # rows 28 and 29 and the five below have no number after them


def test_a_single_nan_among_numbers_is_kept(tmp_path: Path) -> None:
    rows = "".join(f"{k},{'nan' if k == 15 else -k}\n" for k in range(30))
    value = read(write(tmp_path / "progress.csv", f"time/total_timesteps,train/entropy_loss\n{rows}")).series("entropy")
    assert np.isnan(value.value[15])


def test_a_folder_is_one_run_or_as_many_as_lie_below_it(tmp_path: Path) -> None:
    for name in ("a", "b", "c10", "c2"):
        write(tmp_path / name / "progress.csv", progress([1, 2]))
    assert [source.path.name for source in logs.find(tmp_path)] == ["a", "b", "c2", "c10"]
    write(tmp_path / "one" / "monitor.csv", '#{"t_start": 0}\nr,l,t\n1,10,1\n')
    write(tmp_path / "one" / "PPO_1" / "progress.csv", progress([1, 2]))
    (source,) = logs.find(tmp_path / "one")
    assert logs.read(source).meta["formats"] == ["sb3", "sb3_monitor"]


def test_a_stray_file_does_not_spoil_a_folder(tmp_path: Path) -> None:
    write(tmp_path / "progress.csv", progress([1, 2]))
    write(tmp_path / "data.csv", "a,b\n1,2\n")
    write(tmp_path / "empty.csv", "")
    run = read(tmp_path)
    assert run.meta["formats"] == ["sb3"]
    assert run.meta["notes"] == ["data.csv: of no known format: left out"]


def test_settings_beside_a_log_become_signals(tmp_path: Path) -> None:
    write(tmp_path / "progress.csv", progress([1, 2]))
    write(tmp_path / "config.yml", "- - - batch_size\n    - 64\n  - - learning_rate\n    - lin_0.001\n")
    write(tmp_path / "args.json", '{"model": {"n_steps": 128, "gamma": 0.9}, "seed": 3}')
    run = read(tmp_path / "progress.csv")
    wanted = {"batch_size": 64, "learning_rate_start": 0.001, "learning_rate_end": 0, "n_steps": 128, "gamma": 0.9}
    assert {name: run.scalar(name) for name in wanted} == wanted
    assert sorted(Path(one).name for one in run.meta["settings_from"]) == ["args.json", "config.yml"]


def test_cleanrl_episodes_are_averaged_by_update_and_settings_come_from_its_text() -> None:
    one = readers.load("cleanrl")
    columns = {
        "charts/episodic_return": Column(np.array([10, 20, 100, 110, 205]), np.array([1.0, 3.0, 5.0, 7.0, 9.0])),
        "losses/value_loss": Column(np.array([100, 200]), np.array([0.5, 0.4])),
    }
    found = translate([Table(Path("x"), "events", columns, stepped=True)], one).series
    assert found["mean_ep_return"].step.tolist() == [100, 200]
    assert found["mean_ep_return"].value.tolist() == [3.0, 7.0]
    assert found["n_episodes"].value.tolist() == [3, 1]
    from ppo_doctor.adapters.beside import written_in_log

    text = "|param|value|\n|-|-|\n|num_envs|8|\n|batch_size|1024|\n|norm_adv|True|\n|env_id|CartPole-v1|"
    known = settings_of(written_in_log({"hyperparameters": text}), one.settings)
    assert known == {"n_envs": 8, "rollout_rows": 1024, "normalize_advantage": 1, "system": "CartPole-v1"}


def test_rsl_rl_iterations_become_environment_steps() -> None:
    values = {"Train/mean_reward": [1.0, 2.0], "Perf/total_fps": [1000.0, 1000.0], "Perf/collection time": [1.5, 1.5]}
    values["Perf/learning_time"] = [0.5, 0.5]
    columns = {name: Column(np.arange(2), np.array(value)) for name, value in values.items()}
    found = translate([Table(Path("x"), "events", columns, stepped=True)], readers.load("rsl_rl"))
    assert found.series["mean_ep_return"].step.tolist() == [2000, 4000]
    del columns["Perf/total_fps"]
    found = translate([Table(Path("x"), "events", columns, stepped=True)], readers.load("rsl_rl"))
    assert "steps are iterations" in found.notes[0]


def test_torchrls_folder_of_scalars_is_one_run(tmp_path: Path) -> None:
    for name, value in (("train/reward", 5.0), ("train/loss_objective", -0.1), ("train/kl_approx", 0.01)):
        write(tmp_path / "exp" / "scalars" / f"{name}.csv", f"100,{value}\n200,{value}\n")
    run = read(tmp_path / "exp")
    assert run.meta["formats"] == ["torchrl"]
    assert run.series("mean_ep_return").step.tolist() == [100, 200]


def test_sb3s_count_of_passes_gives_the_passes_of_each_update() -> None:
    columns = {
        "time/total_timesteps": Column(np.arange(4), np.array([10.0, 20.0, 30.0, 40.0])),
        "time/iterations": Column(np.arange(4), np.array([1.0, 2.0, 3.0, 4.0])),
        "train/n_updates": Column(np.arange(1, 4), np.array([10.0, 20.0, 23.0])),
        "train/entropy_loss": Column(np.arange(1, 4), np.array([-1.0, -1.0, -1.0])),
    }
    found = translate([Table(Path("x"), "csv", columns)], readers.load("sb3"))
    assert found.series["epochs_run"].value.tolist() == [10, 3]
    assert found.series["epochs_run"].step.tolist() == [30, 40]
    assert found.scalars["rollout_rows"] == 10
