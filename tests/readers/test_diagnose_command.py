"""`ppo-doctor diagnose` on foreign logs: one run, many runs, JSON, mistakes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ppo_doctor import examination

LOGS = Path(__file__).parents[1] / "data" / "logs"
Said = tuple[int, str, str]


def mistake(said: Said) -> str:
    status, out, err = said
    assert (status, out) == (2, "")
    assert len(err.splitlines()) == 1
    return err


def test_one_log_gets_a_whole_report(say: Callable[..., Said]) -> None:
    status, out, err = say("diagnose", LOGS / "rl-004")
    assert status == 1
    assert "return-scale-large" in out
    assert "reward-scale-too-large" in out, "the cause"
    assert err == ""
    assert "half of SB3's value_loss" in out, "the caveat travels with the number"


def test_json_is_all_that_json_prints(say: Callable[..., Said]) -> None:
    status, out, err = say("diagnose", LOGS / "rl-040" / "progress.csv", "--json")
    report = json.loads(out)
    assert (status, err) == (0, "")
    assert report["run"]["formats"] == ["sb3"]
    assert sum(report["outcomes"].values()) > 100
    many = json.loads(say("diagnose", LOGS, "--json")[1])
    assert [Path(one["run"]["source"]).name for one in many] == sorted(
        path.parent.name for path in LOGS.glob("*/meta.json")
    )


def test_many_runs_get_one_line_each_and_a_summary(say: Callable[..., Said]) -> None:
    status, out, _ = say("diagnose", LOGS / "rl-004", LOGS / "rl-046", "--fail-on", "critical")
    lines = out.splitlines()
    assert status == 0
    assert sum("rl-004" in line for line in lines) == sum("rl-046" in line for line in lines) == 1
    assert "most likely" in lines[0]
    assert any("rl-004" in line and "reward-scale-too-large" in line for line in lines)
    assert "2 runs, 1 with findings, 0 not read" in lines[-1]


def test_an_html_report_of_several_runs_is_written(say: Callable[..., Said], tmp_path: Path) -> None:
    pytest.importorskip("jinja2")
    pytest.importorskip("plotly")
    page = tmp_path / "new" / "report.html"
    assert say("diagnose", LOGS / "rl-040", LOGS / "rl-047", "--html", page, "--fail-on", "never")[0] == 0
    text = page.read_text()
    assert "rl-040" in text
    assert "rl-047" in text


def test_one_unreadable_log_does_not_hide_the_others(say: Callable[..., Said], tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_bytes(b"")
    status, out, _ = say("diagnose", LOGS / "rl-046", tmp_path / "empty.csv")
    assert status == 2
    assert "it is empty" in out
    assert "2 runs, 0 with findings, 1 not read" in out


def test_several_large_logs_are_read_in_parallel_with_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    orders = [
        examination.Order(source)
        for name in ("rl-040", "rl-046")
        for source in examination.sources([str(LOGS / name)], Path())
    ]
    alone = examination.every(orders)
    monkeypatch.setattr(examination, "WORTH", 0)
    assert examination.every(orders) == alone


def test_an_unknown_format_prints_a_mapping_that_works_once_filled_in(say: Callable[..., Said], tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("frames,avg_reward,ent_loss\n" + "".join(f"{k * 100},{k},{-0.1 * k}\n" for k in range(20)))
    status, out, err = say("diagnose", log)
    assert status == 2
    assert "--mapping FILE.toml" in err
    assert len(err.splitlines()) == 1
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(out + "\n[scalars]\nn_envs = 4\n".replace("[scalars]", "# done"))
    assert json.loads(say("diagnose", log, "--mapping", mapping, "--json")[1])["run"]["last_step"] == 1900
    assert say("diagnose", log, "--json")[1] == "", "with --json there is no template"


@pytest.mark.parametrize(
    ("toml", "expected"),
    [
        ("", "needs step"),
        ("step = ", "mapping"),
        ('[signals]\nentropi = "x"', "near: entropy"),
        ('[signals]\ngamma = "x"', "belongs under [scalars]"),
        ('[scalars]\nentropy = 1\n[signals]\nv_loss = "x"', "belongs under [signals]"),
        ("[signals]\nentropy = 3", "entropy needs a column"),
        ('[signals]\nentropy = {column = "x", scale = "y"}', "scale must be a number"),
        ('[signal]\nentropy = "x"', "unknown entry signal"),
    ],
)
def test_a_mistake_in_a_mapping_is_one_line(say: Callable[..., Said], tmp_path: Path, toml: str, expected: str) -> None:
    (tmp_path / "m.toml").write_text(toml)
    assert expected in mistake(say("diagnose", LOGS / "rl-040", "--mapping", tmp_path / "m.toml"))


def test_mistakes_are_one_line(say: Callable[..., Said], tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    assert "holds no log" in mistake(say("diagnose", tmp_path / "none"))
    assert "diagnose what?" in mistake(say("diagnose"))
    assert "no run 'nowhere.csv'" in mistake(say("diagnose", "nowhere.csv"))
    assert "mapping" in mistake(say("diagnose", LOGS / "rl-040", "--mapping", tmp_path / "no.toml"))


def test_a_small_log_is_examined_in_two_seconds_without_jax() -> None:
    code = (
        "import sys\n"
        "class Absent:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name in ('jax', 'torch', 'tensorflow', 'tensorboard'): raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Absent())\n"
        "from ppo_doctor.cli import main\nsys.exit(main(sys.argv[1:]))"
    )
    words = [sys.executable, "-c", code, "diagnose", str(LOGS / "rl-010" / "progress.csv"), "--fail-on", "never"]
    before, begun = os.times().children_user, time.perf_counter()
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "still-improving" in done.stdout
    spent = min(os.times().children_user - before, time.perf_counter() - begun)  # other programs may keep cores busy
    assert spent < 2.0
