"""A run directory outlives crashes, refuses a second writer, and says in one line what is wrong with it."""

from __future__ import annotations

import errno
import json
import math
import os
import signal
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppo_doctor import jsonl, store
from ppo_doctor.errors import UserError

META = {"id": "a", "system": "cartpole", "seed": 3, "config": {"n_envs": 4, "n_steps": 8, "batch_size": 16}}


def written(path: Path, rows: int = 5) -> Path:
    with store.create(path, META) as writer:
        for row in range(1, rows + 1):
            writer.append(row * 32, row, {"v_loss": 1.0 / row, "grad_norm": np.float32(row)})
    return path


def test_what_was_appended_is_loaded(tmp_path: Path) -> None:
    run = store.load(written(tmp_path / "a"))
    assert run.series("v_loss").step.tolist() == [32, 64, 96, 128, 160]
    assert run.series("v_loss").value.tolist() == [1.0, 1 / 2, 1 / 3, 1 / 4, 1 / 5]
    assert run.meta["status"] == "finished"
    assert run.meta["schema"] == store.SCHEMA
    assert run.meta["versions"]["numpy"] == np.__version__


def test_nan_and_infinities_survive_as_strict_json(tmp_path: Path) -> None:
    with store.create(tmp_path / "a", META) as writer:
        writer.append(1, 1, {"v_loss": math.nan, "grad_norm": np.float64("inf"), "pg_loss": np.float32("-inf")})
    text = (tmp_path / "a" / "signals.jsonl").read_text()
    assert json.loads(text, parse_constant=pytest.fail)["signals"]["v_loss"] == "nan"
    run = store.load(tmp_path / "a")
    assert math.isnan(run.series("v_loss").value[0])
    assert run.series("grad_norm").value[0] == math.inf
    assert run.series("pg_loss").value[0] == -math.inf


@given(st.floats(width=32), st.floats())
def test_every_float_survives_bit_for_bit(single: float, double: float) -> None:
    for value in (np.float32(single), np.float64(double), single, double):
        back = jsonl.number(json.loads(json.dumps(jsonl.encode({"x": value})))["x"])
        assert back is not None
        assert np.float64(value).tobytes() == np.float64(back).tobytes() or (math.isnan(value) and math.isnan(back))


def test_configuration_and_references_become_scalars(tmp_path: Path) -> None:
    config = META["config"] | {
        "learning_rate": {"start": 3e-4, "end": 0.0, "kind": "linear", "until": 1.0},
        "clip_coef": {"start": 0.2, "end": 0.0, "kind": "constant", "until": 1.0},
        "normalize_obs": True,
        "target_kl": None,
        "network": {"kind": "mlp", "actor": [64, 64], "log_std": -0.5},
    }
    with store.create(tmp_path / "a", META | {"config": config}) as writer:
        writer.add_scalars({"random_return": np.float32(21.5)})
        writer.add_scalars({"n_actions": 2})
    run = store.load(tmp_path / "a")
    expected = {
        "learning_rate_start": 3e-4,
        "learning_rate_end": 0.0,
        "clip_coef_end": 0.2,
        "normalize_obs": 1.0,
        "network_log_std": -0.5,
        "rollout_rows": 32.0,
        "random_return": 21.5,
        "n_actions": 2.0,
        "seed": 3.0,
    }
    assert {name: run.scalar(name) for name in expected} == expected
    assert run.signals["network_kind"] == "mlp"
    assert "target_kl" not in run
    assert run.unmapped == ()


def test_names_outside_the_vocabulary_are_kept_and_listed(tmp_path: Path) -> None:
    with store.create(tmp_path / "a", META) as writer:
        writer.append(1, 1, {"my_own": 2.0})
    run = store.load(tmp_path / "a")
    assert run.unmapped == ("my_own",)
    assert run.series("my_own").value[0] == 2.0


def test_probe_results_are_scalars_of_the_run(tmp_path: Path) -> None:
    with store.create(tmp_path / "a", META) as writer:
        store.append_probe(writer.path, "headroom", {"random_return": 1.0})
        store.append_probe(writer.path, "headroom", {"random_return": math.inf})
    assert store.load(tmp_path / "a").scalar("random_return") == math.inf


def test_a_half_written_last_line_is_left_out_with_a_warning_and_cut_off_on_resume(tmp_path: Path) -> None:
    path = written(tmp_path / "a")
    file = path / "signals.jsonl"
    whole = file.read_bytes()
    file.write_bytes(whole[:-9])
    with pytest.warns(jsonl.HalfWrittenLine, match=r"signals\.jsonl:5"):
        assert len(store.load(path).series("v_loss")) == 4
    with pytest.warns(jsonl.HalfWrittenLine), store.open(path) as writer:
        writer.append(160, 5, {"v_loss": 1 / 5, "grad_norm": 5.0})
    assert file.read_bytes() == whole


def test_resume_drops_later_rows_exactly(tmp_path: Path) -> None:
    path = written(tmp_path / "a", rows=6)
    whole = (path / "signals.jsonl").read_bytes()
    with store.open(path, after_step=96) as writer:
        for row in (4, 5, 6):
            writer.append(row * 32, row, {"v_loss": 1.0 / row, "grad_norm": np.float32(row)})
    assert (path / "signals.jsonl").read_bytes() == whole


@pytest.mark.parametrize(("after", "kept"), [(None, 5), (0, 0), (31, 0), (32, 1), (159, 4), (160, 5), (999, 5)])
def test_resume_keeps_rows_up_to_and_with_the_step(tmp_path: Path, after: int | None, kept: int) -> None:
    path = written(tmp_path / "a")
    store.open(path, after_step=after).finish()
    assert len((path / "signals.jsonl").read_text().splitlines()) == kept


def test_rows_must_rise(tmp_path: Path) -> None:
    with store.create(tmp_path / "a", META) as writer:
        writer.append(10, 1, {})
        with pytest.raises(ValueError, match="step 10 after step 10"):
            writer.append(10, 2, {})


def test_two_writers_are_refused_in_one_process_and_across_processes(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with store.create(path, META):
        with pytest.raises(UserError, match="being written by another process"):
            store.open(path)
        with pytest.raises(UserError, match="being written by another process"):
            store.create(path, META)
        code = f"from ppo_doctor import store; store.open({str(path)!r})"
        other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert "UserError" in other.stderr
    store.open(path).finish()


def test_a_killed_writer_loses_no_row_and_holds_no_lock(tmp_path: Path) -> None:
    code = (
        "import os, signal; from ppo_doctor import store\n"
        f"writer = store.create({str(tmp_path / 'a')!r}, {{}})\n"
        "for k in range(1, 8): writer.append(k, k, {'v_loss': 1.0})\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -signal.SIGKILL
    run = store.load(tmp_path / "a")
    assert len(run.series("v_loss")) == 7
    assert run.meta["status"] == "running"
    store.open(tmp_path / "a").finish()


def test_a_run_is_never_overwritten(tmp_path: Path) -> None:
    path = written(tmp_path / "a")
    before = (path / "signals.jsonl").read_bytes()
    with pytest.raises(UserError, match="already holds a run"):
        store.create(path, META)
    assert (path / "signals.jsonl").read_bytes() == before


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES, errno.ENOSPC])
def test_a_directory_that_cannot_be_made_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(UserError, match=f"cannot create .*{os.strerror(code)}"):
        store.create(tmp_path / "a", META)


def test_a_file_in_the_way_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    with pytest.raises(UserError, match="cannot create"):
        store.create(tmp_path / "a" / "b", META)


def test_a_full_disk_is_one_line_and_leaves_whole_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = store.create(tmp_path / "a", META)
    writer.append(1, 1, {"v_loss": 1.0})
    whole = (tmp_path / "a" / "signals.jsonl").read_bytes()
    real = os.write

    def half_then_full(file: int, data: bytes) -> int:
        if len(data) < 20:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(file, data[: len(data) - 10])

    monkeypatch.setattr(os, "write", half_then_full)
    with pytest.raises(UserError, match=r"cannot write .*signals\.jsonl: No space left"):
        writer.append(2, 2, {"v_loss": 1.0})
    monkeypatch.undo()
    assert (tmp_path / "a" / "signals.jsonl").read_bytes() == whole
    writer.append(2, 2, {"v_loss": 1.0})
    writer.finish()


def test_a_full_disk_on_the_way_out_does_not_hide_the_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(ZeroDivisionError), store.create(tmp_path / "a", META):
        monkeypatch.setattr(os, "replace", full)
        raise ZeroDivisionError
    monkeypatch.undo()
    assert store.load(tmp_path / "a").meta["status"] == "running"
    assert [file.name for file in (tmp_path / "a").iterdir() if file.name.startswith(".")] == []


@pytest.mark.parametrize(("error", "status"), [(KeyboardInterrupt, "interrupted"), (ValueError, "failed")])
def test_leaving_by_an_error_is_recorded(tmp_path: Path, error: type[BaseException], status: str) -> None:
    with pytest.raises(error), store.create(tmp_path / "a", META):
        raise error
    assert store.load(tmp_path / "a").meta["status"] == status


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("run.json", '{"schema": 1,\n "id": }', r"run\.json:2: not JSON"),
        ("run.json", "[]", r"run\.json:1: holds list"),
        ("run.json", '{"schema": 2}', "schema 2 cannot be read"),
        ("run.json", "", r"run\.json:1: not JSON"),
        ("signals.jsonl", '{"step": 1, "signals": {}}\nxx\n', r"signals\.jsonl:2: not JSON"),
        ("signals.jsonl", '{"step": "1", "signals": {}}\n', r"signals\.jsonl:1: a row needs"),
        ("signals.jsonl", '{"step": 1}\n', r"signals\.jsonl:1: a row needs"),
        ("signals.jsonl", '{"step": 1, "signals": {"v_loss": "one"}}\n', r"signals\.jsonl:1: v_loss is 'one'"),
        ("signals.jsonl", '{"step": 1, "signals": {"v_loss": null}}\n', r"signals\.jsonl:1: v_loss is None"),
        (
            "signals.jsonl",
            '{"step": 5, "signals": {}}\n{"step": 4, "signals": {}}\n',
            r"signals\.jsonl:2: step 4 after step 5",
        ),
        ("probes.jsonl", '{"probe": "a"}\n', r"probes\.jsonl:1: a row needs"),
    ],
)
def test_a_corrupt_run_names_file_and_line(tmp_path: Path, name: str, text: str, message: str) -> None:
    path = written(tmp_path / "a")
    (path / name).write_text(text)
    with pytest.raises(UserError, match=message) as caught:
        store.load(path)
    assert "\n" not in str(caught.value)


def test_bytes_that_are_no_text_name_file_and_line(tmp_path: Path) -> None:
    path = written(tmp_path / "a")
    with (path / "signals.jsonl").open("ab") as file:
        file.write(b'{"step": 9\xff}\n')
    with pytest.raises(UserError, match=r"signals\.jsonl:6: not text"):
        store.load(path)


def test_corruption_is_not_repaired_by_resuming(tmp_path: Path) -> None:
    path = written(tmp_path / "a")
    (path / "signals.jsonl").write_text("xx\n")
    with pytest.raises(UserError, match=r"signals\.jsonl:1"):
        store.open(path)
    assert (path / "signals.jsonl").read_text() == "xx\n"
    (path / "signals.jsonl").write_text("")
    store.open(path).finish()  # the refusal released the lock


def test_runs_are_listed_with_their_seeds_in_natural_order(tmp_path: Path) -> None:
    for name in ("b/seed10", "b/seed2", "a"):
        written(tmp_path / name, rows=1)
    assert [str(path.relative_to(tmp_path)) for path in store.list_runs(tmp_path)] == ["a", "b/seed2", "b/seed10"]
    assert store.list_runs(tmp_path / "none") == []
    with pytest.raises(UserError, match="seed2, seed10"):
        store.load(tmp_path / "b")


def test_a_missing_run_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"is not a run directory: it has no run\.json"):
        store.load(tmp_path / "none")


def test_json_files_are_replaced_whole(tmp_path: Path) -> None:
    with store.create(tmp_path / "a", META) as writer, warnings.catch_warnings():
        writer.write_json("evaluation.json", {"mean": math.nan, "blocks": (1, np.int64(2)), "at": Path("x")})
        with pytest.raises(AttributeError):
            writer.write_json("evaluation.json", {"mean": object()})
    assert json.loads((tmp_path / "a" / "evaluation.json").read_text()) == {"mean": "nan", "blocks": [1, 2], "at": "x"}
