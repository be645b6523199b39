"""What cannot be meant, at the command line, is one line that says what to do, and exit status 2."""

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ppo_doctor import cli

Said = tuple[int, str, str]


@pytest.fixture
def say(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """Run a command in this process: (exit status, standard output, standard error)."""
    monkeypatch.setenv("COLUMNS", "100")

    def run(*words: object) -> Said:
        status = cli.main([str(word) for word in words])
        return (status, *capfd.readouterr())

    return run


def mistake(said: Said) -> str:
    """The one line of a mistake."""
    status, out, err = said
    assert (status, out, err.count("\n")) == (2, "", 1), (out, err)
    return err.removeprefix("ppo-doctor: ").strip()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("train cartpole --seeds 1.5", "--seeds cannot be '1.5'"),
        ("train cartpole --seeds 4294967296", "--seeds needs different whole numbers from 0 to 4294967295"),
        ("train cartpole --name ../x", "--name is a name, not a path"),
        ("train cartpole --name a/b", "--runs chooses the folder"),
        ("train cartpole --name .", "--name is a name"),
        ("train cartpole --name ..", "--name is a name"),
        ("train cartpole --name ''", "--name is a name"),
        ("train cartpole --name a\0b", "--name is a name"),
        ("train cartpole --set =1", "not '=1'"),
        ("train --resume ''", "name a run"),
        ("diagnose ''", "name a run"),
        ("evaluate ''", "name a run"),
        ("evaluate --episodes x nothing", "--episodes cannot be 'x'"),
        ("compare '' ''", "name a run"),
        ("rules --json --markdown", "--json or --markdown, not both"),
        ("causes --json --markdown", "--json or --markdown, not both"),
        ("faults --json --markdown", "--json or --markdown, not both"),
    ],
)
def test_a_mistake_is_one_line_and_leaves_nothing(
    say: Callable[..., Said], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str, expected: str
):
    monkeypatch.chdir(tmp_path)
    assert expected in mistake(say(*(word.strip("'") for word in words.split(" "))))
    assert list(tmp_path.iterdir()) == []


def test_a_time_limit_without_a_step_is_one_line(say: Callable[..., Said], tmp_path: Path):
    said = mistake(say("train", "cartpole", "--runs", tmp_path / "runs", "--set", "env.max_steps=0"))
    assert "max_steps must be at least 1" in said
    assert list((tmp_path / "runs").iterdir()) == []


def test_a_seed_whose_process_dies_says_of_what(say: Callable[..., Said], tmp_path: Path):
    rows = 100_000_000_000  # beyond what JAX can count
    words = ["--steps", "1", "--set", f"n_envs={rows}", "n_steps=1", f"batch_size={rows}"]
    assert f"OverflowError: Python integer {rows}" in mistake(say("train", "cartpole", "--runs", tmp_path, *words))


def test_a_mistake_is_short_where_boxes_are_drawn_with_dashes(
    say: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sys, "stdout", io.StringIO())  # has no encoding, as some terminals have none but ASCII
    said = mistake(say("train", "cartpole", "--steps"))
    assert (
        said == "Missing value for argument '--steps'. Expected 1 values; `ppo-doctor train --help` lists the options"
    )
