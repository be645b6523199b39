from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ppo_doctor import store
from ppo_doctor.adapters import logs
from ppo_doctor.cli import main
from ppo_doctor.watching import News, Watch

HEADER = "time/total_timesteps,rollout/ep_rew_mean,train/approx_kl,train/entropy_loss,train/explained_variance\n"


def rows(kl: float, first: int, last: int) -> str:
    return "".join(f"{n * 2048},{20 + n % 3},{kl},-0.6,0.5\n" for n in range(first, last))


def kinds(news: Any) -> dict[str, str]:
    return {one.change.name: one.change.kind for one in news if one.change is not None}


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "progress.csv"
    path.write_text(HEADER + rows(0.01, 1, 6))
    return path


def test_a_finding_is_told_when_it_appears_and_when_it_goes(log: Path) -> None:
    watch = Watch((str(log),), log.parent)
    assert "kl-spike" not in kinds(watch.look())
    log.write_text(HEADER + rows(2.0, 1, 12))
    assert kinds(watch.look())["kl-spike"] == "appeared"
    log.write_text(HEADER + rows(2.0, 1, 13))
    assert "kl-spike" not in kinds(watch.look())  # no news
    log.write_text(HEADER + rows(0.01, 1, 14))
    assert kinds(watch.look())["kl-spike"] == "gone"


def test_a_rule_that_can_no_longer_tell_is_not_called_gone(log: Path) -> None:
    watch = Watch((str(log),), log.parent)
    log.write_text(HEADER + rows(2.0, 1, 12))
    list(watch.look())
    log.write_text(HEADER + rows(2.0, 1, 12) + f"{13 * 2048},21,nan,-0.6,0.5\n" * 3)
    assert kinds(watch.look())["kl-spike"] == "unclear"


def test_an_unchanged_log_is_not_read_again(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Path] = []
    real = logs.read
    monkeypatch.setattr(logs, "read", lambda source: read.append(source.path) or real(source))
    watch = Watch((str(log),), log.parent)
    for _ in range(3):
        list(watch.look())
    assert read == [log]
    with log.open("a") as file:
        file.write(rows(0.01, 6, 7))
    list(watch.look())
    assert read == [log, log]


def test_a_log_that_cannot_be_read_for_a_while_is_told_once_and_tried_again(log: Path) -> None:
    watch = Watch((str(log),), log.parent)
    list(watch.look())
    log.write_text("")
    (told,) = watch.look()
    assert told.error
    os.utime(log, (1, 1))  # changed, and as unreadable as before
    assert list(watch.look()) == []
    log.write_text(HEADER + rows(2.0, 1, 12))
    assert kinds(watch.look())["kl-spike"] == "appeared"


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., store.Writer]:
    def make(name: str, kl: float) -> store.Writer:
        writer = store.create(tmp_path / name, {"system": "x", "config": {}})
        for n in range(1, 12):
            writer.append(n * 1000, n, {"approx_kl_max": kl, "mean_ep_return": 20.0 + n % 3})
        return writer

    return make


def test_runs_of_our_own_are_done_when_they_say_so(run: Any, tmp_path: Path) -> None:
    writer = run("a", 0.01)
    run("b", 2.0).finish()
    watch = Watch((str(tmp_path),), tmp_path)
    assert {Path(one.run).name for one in watch.look() if one.change and one.change.name == "kl-spike"} == {"b"}
    assert not watch.done(quiet=0.0)
    writer.finish()
    list(watch.look())
    assert watch.done(quiet=1000.0)


def test_the_command_prints_lines_of_json_until_all_is_done(
    run: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("a", 2.0).finish()
    assert main(["watch", str(tmp_path / "a"), "--until-done", "--json"]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (found,) = [one for one in told if one["name"] == "kl-spike"]
    assert (found["kind"], found["severity"], found["step"]) == ("appeared", "warning", 11000)
    assert main(["watch", str(tmp_path / "a"), "--until-done"]) == 0
    assert "appeared warning POL101 kl-spike" in capsys.readouterr().out


def test_a_quiet_foreign_log_counts_as_done(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["watch", str(log), "--until-done", "--quiet", "0", "--every", "0.01"]) == 0
    assert "not checked" in capsys.readouterr().out


WRONG = [[], ["nothing-here"], [""], ["--every", "0", "."], ["--every", "inf", "."], ["--quiet", "nan", "."]]


def test_a_log_that_could_never_be_read_is_no_success(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log.write_bytes(b"\x89PNG\r\n\x1a\n")
    assert main(["watch", str(log), "--until-done", "--quiet", "0", "--every", "0.01"]) == 2
    assert "holds no numbers yet" in capsys.readouterr().out


@pytest.mark.parametrize("words", WRONG)
def test_a_mistake_is_one_line(words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["watch", *words, "--runs", str(tmp_path)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_ctrl_c_ends_it_without_a_traceback(log: Path) -> None:
    code = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"from ppo_doctor.cli import main; sys.exit(main(['watch', {str(log)!r}, '--every', '0.05']))"
    )
    log.write_text(HEADER + rows(2.0, 1, 12))
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", code], stdout=pipe, stderr=pipe, text=True) as process:
        try:
            assert process.stdout is not None
            assert "appeared" in process.stdout.readline()  # it is at work
            os.kill(process.pid, signal.SIGINT)
            _, said = process.communicate(timeout=60)
        finally:
            process.kill()
    assert (process.returncode, said) == (130, "")


def test_news_is_plain_data() -> None:
    assert News("x", 5, error="gone").as_dict() == {"run": "x", "step": 5, "kind": "unreadable", "text": "gone"}
