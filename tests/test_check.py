"""`ppo-doctor check`: exit status, JSON, settings, runs, an interruption, and mistakes that are one line."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ppo_doctor import store
from ppo_doctor.train.config import Config
from ppo_doctor.train.job import Job

Said = tuple[int, str, str]
SIGNS = "ppo_doctor.testing.broken:Signs"
SMALL = ("--budget", 5_000)


@pytest.fixture(autouse=True)
def an_empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Settings are looked for where one is."""
    monkeypatch.chdir(tmp_path)


def test_a_fault_makes_the_exit_status_1_and_json_is_all_that_is_printed(say: Callable[..., Said]) -> None:
    status, out, err = say("check", SIGNS, *SMALL, "--set", "env.read=false", "--json")
    found = json.loads(out)
    assert (status, err) == (1, "")
    assert ("action-ignored", "critical") in {(one["rule"], one["severity"]) for one in found["findings"]}
    assert found["check"]["budget"] == 5_000
    assert found["check"]["steps"] >= sum(one["steps"] for one in found["check"]["probes"]) > 0


def test_fail_on_never_reports_the_fault_with_exit_status_0(say: Callable[..., Said]) -> None:
    status, out, err = say("check", SIGNS, *SMALL, "--set", "env.read=false", "--fail-on", "never")
    assert status == 0
    assert "action-ignored" in out
    assert "action_influence_return" in out
    assert "probe 1/" in err  # progress is no part of the report


def test_only_findings_as_grave_as_asked_for_count_and_settings_suppress_them(
    say: Callable[..., Said], tmp_path: Path
) -> None:
    words = ("check", SIGNS, *SMALL, "--json", "--fail-on")
    status, out, _ = say(*words, "critical")
    mild = {one["rule"] for one in json.loads(out)["findings"]}
    assert status == 0
    assert "reward-terms-ignore-actions" in mild  # its bonus is paid for anything
    settings = tmp_path / "settings.toml"
    settings.write_text("[suppress]\n" + "".join(f'{rule} = "known"\n' for rule in mild))
    assert say(*words, "info", "--settings", settings)[0] == 0
    settings.write_text("")
    assert say(*words, "info", "--settings", settings)[0] == 1


def test_a_reference_of_ones_own_shows_a_reward_of_the_wrong_sign(say: Callable[..., Said]) -> None:
    rail, centred = "ppo_doctor.testing.broken:Rail", "ppo_doctor.testing.broken:centred"
    words = ("check", rail, *SMALL, "--set", "env.sign=-1", "--reference", centred, "--json", "--fail-on", "never")
    found = json.loads(say(*words)[1])
    assert "reference-below-random" in {one["rule"] for one in found["findings"]}
    assert found["causes"][0]["id"] == "reward-sign-wrong"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("check cartpole --reference a:b", "--reference is for environments of your own"),
        ("check CartPole-v1 --reference nothing:good", "No module named 'nothing'"),
        ("check", "name either an environment"),
        ("check cartpole --run x", "name either an environment"),
        ("check CartPol-v1", "did you mean CartPole-v1"),
        ("check --run nothing", "no run 'nothing'"),
        ("check cartpole --set gamma=1", "parameters of the environment"),
        ("check cartpole --budget 10", "--budget must be at least"),
        ("check cartpole --seed -1", "--seed must be from 0 to 4294967295"),
        ("check cartpole --seed 99999999999999999999", "--seed must be from 0 to 4294967295"),
        ("check cartpole --set env.max_steps=0", "max_steps must be at least 1"),
        ("check gymnasium:Env", "gymnasium:Env has no action_space"),
        ("check no_such_module:Env", "No module named 'no_such_module'"),
        ("check ppo_doctor.testing.broken:Sings", "Sings"),
        ("check ppo_doctor.testing.broken:Raises", "step() raised KeyError"),
    ],
)
def test_a_mistake_is_one_line(say: Callable[..., Said], words: str, expected: str) -> None:
    status, out, err = say(*words.split())
    assert (status, out, err.count("\n")) == (2, "", 1), err
    assert expected in err


@pytest.fixture
def interruptible() -> Iterator[None]:
    """A shell in the background starts its children with SIGINT ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_an_interruption_prints_what_is_done(
    say: Callable[..., Said], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "interrupts.py").write_text(
        "import itertools, signal\n"
        "from ppo_doctor.testing.broken import Signs\n"
        "STEPS = itertools.count()\n"
        "class Env(Signs):\n"
        "    def step(self, action):\n"
        "        if next(STEPS) == 8_000:\n"  # in the forks, of which there are 11,264 steps
        "            signal.raise_signal(signal.SIGINT)\n"
        "        return super().step(action)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    status, out, err = say("check", "interrupts:Env", *SMALL)
    assert status == 130
    assert "-- interrupted" in out
    assert "actions are choices, not numbers" in out  # of the one probe that was done
    assert "Traceback" not in err


def _recorded(path: Path) -> None:
    """A run of two points, as the trainer records one."""
    with store.create(path, Job("probe_state_action", {}, Config(), 0, path, 1, 1).meta()) as writer:
        for n in range(2):
            writer.append(64 * (n + 1), n + 1, {"mean_ep_return": 0.0})


def test_what_is_measured_on_a_run_is_kept_with_it_and_used_by_diagnose(
    say: Callable[..., Said], tmp_path: Path
) -> None:
    _recorded(tmp_path / "one")
    words = ("diagnose", tmp_path / "one", "--json", "--fail-on", "never")
    before = json.loads(say(*words)[1])
    assert "not-reproducible" not in before["clean"]
    assert say("check", "--run", "one", "--runs", tmp_path, *SMALL, "--json", "--fail-on", "never")[0] == 0
    assert store.load(tmp_path / "one").signals["determinism"] == 1.0
    assert "not-reproducible" in json.loads(say(*words)[1])["clean"]
