"""What cannot be meant, at the command line, is one line that says what to do, and exit status 2."""

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ppo_doctor import store
from ppo_doctor.train.config import Config
from ppo_doctor.train.job import Job

Said = tuple[int, str, str]


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
        ("train cartpole --set gamma=high --set n_epochs=1", "gamma needs a number"),
        ("train cartpole --set=gamma=high --runs x --set=n_epochs=1", "gamma needs a number"),
        ("train --seeds 1 --seeds 1 --set n_epochs=1 -- cartpole", "--seeds needs different"),
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


@pytest.mark.parametrize("words", ["evaluate", "train --resume", "check --run"])
def test_a_run_of_a_system_that_is_not_here_is_one_line(say: Callable[..., Said], tmp_path: Path, words: str):
    path = tmp_path / "run"
    with store.create(path, Job("cartpole_of_my_own", {}, Config(), 0, path, 1, 1).meta()):
        pass
    assert "no system 'cartpole_of_my_own' here; did you mean cartpole?" in mistake(say(*words.split(), path))


def test_a_time_limit_without_a_step_is_one_line(say: Callable[..., Said], tmp_path: Path):
    said = mistake(say("train", "cartpole", "--runs", tmp_path / "runs", "--set", "env.max_steps=0"))
    assert "max_steps must be at least 1" in said
    assert list((tmp_path / "runs").iterdir()) == []


@pytest.mark.parametrize(
    ("settings", "lower"),
    [
        ("n_envs=100000000", "lower n_envs"),
        ("n_envs=100000000000 n_steps=1 batch_size=100000000000", "lower n_envs"),
        ("n_steps=100000000000", "lower n_steps"),
    ],
)
def test_a_rollout_larger_than_the_memory_is_refused(say: Callable[..., Said], tmp_path: Path, settings, lower):
    said = mistake(say("train", "cartpole", "--runs", tmp_path, "--set", *settings.split()))
    assert "GiB of memory, and there are" in said
    assert said.endswith(lower)
    assert list(tmp_path.iterdir()) == []


def test_a_seed_whose_process_dies_says_of_what(say: Callable[..., Said], tmp_path: Path):
    steps = 100_000_000_000  # beyond what JAX can count
    words = ("train", "cartpole", "--runs", tmp_path, "--set", f"env.max_steps={steps}")
    assert "OverflowError: An overflow was encountered" in mistake(say(*words))


def test_a_mistake_is_short_where_boxes_are_drawn_with_dashes(
    say: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sys, "stdout", io.StringIO())  # has no encoding, as some terminals have none but ASCII
    said = mistake(say("train", "cartpole", "--steps"))
    assert (
        said == "Missing value for argument '--steps'. Expected 1 values; `ppo-doctor train --help` lists the options"
    )
