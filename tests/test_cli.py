"""The command line: what it prints, and that a mistake is one line and exit status 2."""

from __future__ import annotations

import csv
import errno
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ppo_doctor import cli, commands
from ppo_doctor.train.config import Config, Network

TINY = [
    "n_envs=4", "n_steps=16", "batch_size=32", "n_epochs=1", "network.actor=8", "network.critic=8", "env.max_steps=40",
]  # fmt: skip
Said = tuple[int, str, str]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a run of two seeds, `pair`, and a run of one, `one`."""
    folder = tmp_path_factory.mktemp("runs")
    for name, seeds in (("pair", ["0", "1"]), ("one", ["2"])):
        words = ["train", "cartpole", "--runs", str(folder), "--name", name, "--steps", "640", "--eval-episodes", "2"]
        assert cli.main([*words, "--seeds", *seeds, "--set", *TINY]) == 0
    return folder


@pytest.fixture
def copy(root: Path, tmp_path: Path) -> Path:
    """The run `one`, free to be damaged."""
    return shutil.copytree(root / "one", tmp_path / "one")


def mistake(said: Said) -> str:
    """The one line of a mistake."""
    status, out, err = said
    assert status == 2, (out, err)
    assert out == ""
    assert err.count("\n") == 1, err
    assert err.startswith("ppo-doctor: ")
    assert "Traceback" not in err
    return err.removeprefix("ppo-doctor: ").strip()


# ------------------------------------------------------------------------------------------------------------- help


def test_help_is_fast_and_loads_no_jax():
    code = (
        "import sys; from ppo_doctor.cli import main; main(['--help']);"
        "slow = {'jax', 'torch', 'scipy', 'equinox', 'gymnasium'} & set(sys.modules); sys.exit(' '.join(slow) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    for name in commands.names():
        assert name in done.stdout


@pytest.mark.parametrize("name", commands.names())
def test_every_command_explains_itself_with_examples(say: Callable[..., Said], name: str):
    status, out, err = say(name, "--help")
    assert (status, err) == (0, "")
    assert f"ppo-doctor {name}" in out.split("For example:")[1]


# --------------------------------------------------------------------------------------------------------- mistakes


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", "which command?"),
        ("tarin", "did you mean train"),
        ("train", "which system?"),
        ("train cartpol", "unknown system 'cartpol'; did you mean cartpole?"),
        ("train cartpole --sed 1", "unknown option --sed; did you mean --seeds"),
        ("train cartpole --steps many", "--steps cannot be 'many'"),
        ("train cartpole --steps 0", "at least 1"),
        ("train cartpole --seeds 1 1", "--seeds needs different"),
        ("train cartpole --config fast", "no configuration 'fast'"),
        ("train cartpole --set gama=1", "did you mean gamma?"),
        ("train cartpole --set gamma", "--set needs name=value"),
        ("train cartpole --set gamma=high", "gamma needs a number"),
        ("train cartpole --set n_steps=1.5", "n_steps needs a whole number"),
        ("train cartpole --set network.kind=mpl", "did you mean mlp?"),
        ("train cartpole --set network.kid=mlp", "did you mean network.kind?"),
        ("train cartpole --set gamma.start=1", "gamma has no parts"),
        ("train cartpole --set env.max_stepz=9", "did you mean max_steps?"),
        ("train cartpole --set env.max_steps=nine", "env.max_steps needs a whole number"),
        ("train cartpole --set ent_coef.end=1", "does nothing while ent_coef.kind is constant"),
        ("train cartpole --resume x", "leave out the system"),
        ("train --resume x", "no run 'x'"),
        ("evaluate", "run"),
        ("evaluate nothing", "no run 'nothing'"),
        ("compare a b", "no run 'a'"),
        ("export nothing --csv x.csv", "no run 'nothing'"),
        ("diagnose nothing", "no run 'nothing'"),
        ("diagnose one --fail-on bad", "--fail-on"),
        ("explain nothing", "unknown rule"),
    ],
)
def test_a_mistake_is_one_line(
    say: Callable[..., Said], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str, expected: str
):
    monkeypatch.chdir(tmp_path)
    assert expected in mistake(say(*words.split()))
    assert not (tmp_path / "runs").exists(), "a mistake leaves nothing behind"


def test_settings_that_cannot_work_are_one_line_and_leave_nothing(say: Callable[..., Said], tmp_path: Path):
    said = mistake(say("train", "cartpole", "--runs", tmp_path / "runs", "--set", "batch_size=33", "n_envs=4"))
    assert "must divide the rollout" in said
    assert list((tmp_path / "runs").iterdir()) == []


@pytest.mark.parametrize("kind", ["missing", "truncated"])
def test_a_bad_trace_is_one_line(say: Callable[..., Said], tmp_path: Path, kind: str):
    trace = tmp_path / "trace.swf"
    if kind == "truncated":
        trace.write_text("; MaxProcs: 64\n1 0 0 10 1 -1 -1 1 20 -1 1 1 1 -1 1 -1 -1 -1\n2 5 0 10 1 -1\n")
    said = mistake(say("train", "batch_jobs", "--runs", tmp_path / "runs", "--set", f"env.trace={trace}"))
    assert str(trace) in said
    if kind == "truncated":
        assert "line 3" in said


def test_a_folder_that_cannot_be_written_is_one_line(say: Callable[..., Said], tmp_path: Path):
    (tmp_path / "file").write_text("")
    assert "cannot create" in mistake(say("train", "cartpole", "--runs", tmp_path / "file" / "runs"))


@pytest.mark.parametrize("words", ["train cartpole --runs", "evaluate --episodes 8"])
def test_a_read_only_folder_is_one_line(
    say: Callable[..., Said], copy: Path, monkeypatch: pytest.MonkeyPatch, words: str
):
    def read_only(real: Callable) -> Callable:  # as root, permissions would not refuse
        def refuse(path: Path, *args: object, **kwargs: object) -> object:
            if Path(path).is_relative_to(copy):
                raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))
            return real(path, *args, **kwargs)

        return refuse

    monkeypatch.setattr(Path, "mkdir", read_only(Path.mkdir))
    monkeypatch.setattr(os, "replace", read_only(os.replace))
    assert "Read-only file system" in mistake(say(*words.split(), copy))


def damage_json(run: Path) -> None:
    (run / "run.json").write_text('{"schema": 1,\n "id": ')


def damage_schema(run: Path) -> None:
    (run / "run.json").write_text('{"schema": 99}')


def damage_config(run: Path) -> None:
    meta = json.loads((run / "run.json").read_text())
    meta["config"]["gamme"] = meta["config"].pop("gamma")
    (run / "run.json").write_text(json.dumps(meta))


def damage_rows(run: Path) -> None:
    rows = (run / "signals.jsonl").read_text().splitlines()
    (run / "signals.jsonl").write_text("\n".join([*rows[:3], "garbage", *rows[4:], ""]))


def never_begun(run: Path) -> None:
    (run / "signals.jsonl").write_text("")


def damage_checkpoint(run: Path) -> None:
    for file in (run / "checkpoints").iterdir():
        file.write_bytes(file.read_bytes()[:100])


def damage_everything(run: Path) -> None:
    (run / "run.json").unlink()


@pytest.mark.parametrize(
    ("damage", "command", "expected"),
    [
        (damage_json, "diagnose", "run.json:2"),
        (damage_schema, "diagnose", "schema 99"),
        (damage_config, "evaluate", "did you mean gamma?"),
        (damage_config, "train --resume", "did you mean gamma?"),
        (damage_rows, "diagnose", "signals.jsonl:4"),
        (damage_rows, "export --csv x.csv", "signals.jsonl:4"),
        (damage_rows, "train --resume", "signals.jsonl:4"),
        (never_begun, "diagnose", "holds no points yet"),
        (damage_checkpoint, "evaluate", "best.eqx"),
        (damage_checkpoint, "train --resume", "last.eqx"),
        (damage_everything, "evaluate", "no run.json"),
        (damage_everything, "train --resume", "no run.json"),
    ],
)
def test_a_damaged_run_is_one_line(say: Callable[..., Said], copy: Path, damage: Callable, command: str, expected: str):
    damage(copy)
    assert expected in mistake(say(*command.split(), copy))


def test_a_damaged_run_does_not_hide_the_others(say: Callable[..., Said], root: Path, copy: Path):
    shutil.copytree(root / "pair" / "seed0", copy.parent / "whole")
    damage_rows(copy)
    status, out, _ = say("runs", "--runs", copy.parent, "--json")
    assert status == 0
    assert [(one["run"], one["status"]) for one in json.loads(out)] == [("one", "damaged"), ("whole", "finished")]


# --------------------------------------------------------------------------------------------------------- commands


def test_systems_says_what_can_be_set(say: Callable[..., Said]):
    status, out, _ = say("systems", "--json")
    assert status == 0
    assert json.loads(out)["cartpole"]["parameters"] == {"max_steps": 500}
    assert "cartpole" in say("systems")[1]


def test_train_writes_one_directory_a_seed(root: Path):
    for seed in (0, 1):
        meta = json.loads((root / "pair" / f"seed{seed}" / "run.json").read_text())
        assert (meta["status"], meta["seed"], meta["params"]) == ("finished", seed, {"max_steps": 40})
        assert meta["config"]["network"]["actor"] == [8]
    assert json.loads((root / "one" / "run.json").read_text())["seed"] == 2


def test_train_says_what_comes_next(say: Callable[..., Said], tmp_path: Path):
    words = ("train", "cartpole", "--runs", tmp_path, "--steps", 128, "--eval-episodes", 2, "--set", *TINY)
    status, out, err = say(*words)
    assert status == 0
    assert f"ppo-doctor evaluate {tmp_path / 'cartpole-1'}" in out
    assert "seed 0  update 1/2  64 steps" in err
    assert say(*words, "--json")[0] == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cartpole-1", "cartpole-2"]


def test_a_name_is_taken_once(say: Callable[..., Said], root: Path):
    assert "exists already" in mistake(say("train", "cartpole", "--runs", root, "--name", "one"))


def test_runs_lists_them(say: Callable[..., Said], root: Path):
    status, out, _ = say("runs", "--runs", root, "--json")
    assert status == 0
    assert [one["run"] for one in json.loads(out)] == ["one", "pair/seed0", "pair/seed1"]
    assert "finished" in say("runs", "--runs", root)[1]
    assert "no runs" in say("runs", "--runs", root / "nothing")[1]


def test_evaluate_prints_the_table_and_keeps_it(say: Callable[..., Said], root: Path):
    status, out, _ = say("evaluate", "pair", "--runs", root, "--episodes", 8)
    assert status == 0
    for words in ("PPO seed 1", "random", "return (more is better) on 8 report episodes"):
        assert words in out
    kept = json.loads((root / "pair" / "evaluation.json").read_text())
    assert kept["seeds"] == [0, 1]
    status, out, _ = say("evaluate", root / "one", "--episodes", 8, "--json")
    assert json.loads(out)["episodes"] == 8
    assert "use 8" in mistake(say("evaluate", "pair", "--runs", root, "--episodes", 7))


def test_compare_pairs_two_runs(say: Callable[..., Said], root: Path):
    status, out, _ = say("compare", "pair", "one", "--runs", root, "--episodes", 8, "--json")
    assert status == 0
    found = json.loads(out)
    assert found["settings"] == {}
    difference = found["mean"]["a"]["mean"] - found["mean"]["b"]["mean"]
    assert found["difference"]["mean"] == pytest.approx(difference)
    assert "their settings are the same" in say("compare", "pair", "one", "--runs", root, "--episodes", 8)[1]


def test_export_writes_one_row_an_update(say: Callable[..., Said], root: Path, tmp_path: Path):
    status, _, _ = say("export", "one", "--runs", root, "--csv", tmp_path / "x.csv")
    assert status == 0
    with (tmp_path / "x.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [int(row["step"]) for row in rows] == [64 * k for k in range(1, 11)]
    for name in (
        "eval_mean_return",
        "eval_block0_return",
        "pg_loss",
        "v_loss",
        "entropy",
        "approx_kl_max",
        "clip_frac",
    ):
        assert float(rows[-1][name]) == float(rows[-1][name])
    assert say("export", "pair", "--runs", root, "--csv", tmp_path / "y.csv")[0] == 0
    assert (tmp_path / "y-seed1.csv").exists()
    assert "--csv FILE or --tensorboard FOLDER" in mistake(say("export", "one", "--runs", root))


def test_export_to_tensorboard_can_be_read_there(say: Callable[..., Said], root: Path, tmp_path: Path):
    loader = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    assert say("export", "one", "--runs", root, "--tensorboard", tmp_path / "tb")[0] == 0
    events = loader.EventAccumulator(str(tmp_path / "tb")).Reload()
    assert [event.step for event in events.Scalars("entropy")] == [64 * k for k in range(1, 11)]


def test_diagnose_counts_outcomes_and_fails_on_findings(say: Callable[..., Said], root: Path):
    status, out, _ = say("diagnose", "pair", "--runs", root, "--json")
    reports = json.loads(out)
    assert len(reports) == 2
    assert sum(reports[0]["outcomes"].values()) >= 10
    assert status == int(any(report["findings"] for report in reports))
    assert say("diagnose", "pair", "--runs", root, "--fail-on", "never")[0] == 0


def test_explain_prints_a_manual_page(say: Callable[..., Said]):
    assert "What to do" in say("explain", "entropy-collapse")[1]
    assert "What it is confused with" in say("explain", "reward-sparse")[1]
    both = say("explain", "action-ignored")[1]
    assert both.startswith("ENV102 action-ignored")
    assert "action-ignored (cause, env)" in both
    assert "ppo-doctor causes" in say("explain")[2]


def test_causes_are_listed_for_people_and_machines(say: Callable[..., Said]):
    assert "reward-sparse" in say("causes")[1]
    found = {one["id"]: one for one in json.loads(say("causes", "--json")[1])}
    assert "action-ignored" in found["action-ignored"]["expects"]["always"]


# -------------------------------------------------------------------------------------------------------- interrupts


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_saves_says_how_to_go_on_and_exits_130(tmp_path: Path, number: signal.Signals):
    words = ["train", "cartpole", "--runs", str(tmp_path), "--steps", "64000000", "--eval-every", "20", "--set", *TINY]
    command = [sys.executable, "-m", "ppo_doctor", *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert "update 20/" in process.stderr.readline()
        process.send_signal(number)
        out, err = process.communicate(timeout=120)
    assert process.returncode == 130, err
    assert f"go on with: ppo-doctor train --resume {tmp_path / 'cartpole-1'}" in out
    assert "Traceback" not in err
    assert json.loads((tmp_path / "cartpole-1" / "run.json").read_text())["status"] == "interrupted"


def test_a_group_resumes_seeds_that_never_began(say: Callable[..., Said], root: Path, tmp_path: Path):
    shutil.copytree(root / "pair", tmp_path / "pair")
    shutil.rmtree(tmp_path / "pair" / "seed1")
    assert say("train", "--resume", "pair", "--runs", tmp_path)[0] == 0
    for seed in (0, 1):
        for one, two in zip(rows(root / "pair" / f"seed{seed}"), rows(tmp_path / "pair" / f"seed{seed}"), strict=True):
            assert one == two


def rows(path: Path) -> list[dict]:
    """All rows, without the one signal that is wall-clock."""
    found = [json.loads(line) for line in (path / "signals.jsonl").read_text().splitlines()]
    for row in found:
        del row["signals"]["steps_per_second"]
    return found


@pytest.mark.slow
def test_demo_trains_compares_and_examines(say: Callable[..., Said], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from ppo_doctor.train.envs import batch_jobs

    tiny = Config(
        total_steps=64 * 3, n_envs=4, n_steps=16, batch_size=32, n_epochs=1, signals=False, gamma=1.0,
        network=Network("scorer", (8,), (8,)),
    )  # fmt: skip
    monkeypatch.setitem(batch_jobs.CONFIGS, "demo", tiny)
    monkeypatch.setitem(batch_jobs.PARAMS, "demo", {"trace": "lublin-1", "n_jobs": 12, "window": 8})
    monkeypatch.setitem(commands.load("demo").__globals__, "EPISODES", 8)
    status, out, _ = say("demo", "--runs", tmp_path)
    assert status == 0
    for words in ("PPO seed 1", "fcfs", "sjf", "easy", "rand_feas_no0", "bound", "worst block", "8 report episodes"):
        assert words in out
    for seed in (0, 1):
        assert re.search(rf"seed{seed}: \d+ rules: \d+ fired, \d+ clean", out)
