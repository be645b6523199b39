"""Progress where there is no terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from ppo_doctor.progress import Display, clock
from ppo_doctor.train.config import Config
from ppo_doctor.train.job import Failure, Job, Progress

CONFIG = Config(total_steps=1024 * 10)
JOBS = [Job("cartpole", {}, CONFIG, seed, Path("run"), 5, 4) for seed in (0, 1)]


def test_an_evaluation_is_a_line_and_nothing_else_is(capsys: pytest.CaptureFixture[str]):
    with Display(JOBS) as display:
        for update in range(1, 11):
            score = 7.5 if update == 5 else None
            display.show(Progress(0, update, 10, update * 1024, {"steps_per_second": 1e4}, score, score))
        display.show(Failure(1, "its process died"))
    out, err = capsys.readouterr()
    assert out == ""
    first, second = err.splitlines()
    assert first.startswith("seed 0  update 5/10  5,120 steps  10,000/s  eval 7.5 (best 7.5)  left ")
    assert second == "seed 1: its process died"


def test_quiet_says_nothing(capsys: pytest.CaptureFixture[str]):
    with Display(JOBS, quiet=True) as display:
        display.show(Progress(0, 10, 10, 10240, {}, 1.0, 1.0))
        display.show(Failure(1, "its process died"))
    assert capsys.readouterr() == ("", "")


def test_time_left_is_known_once_there_is_a_pace():
    display = Display(JOBS, quiet=True)
    assert display.seconds_left() != display.seconds_left(), "unknown"
    display.show(Progress(0, 1, 10, 1024, {}, None, None))
    display.show(Progress(0, 2, 10, 2048, {}, None, None))
    assert display.seconds_left() > 0


@pytest.mark.parametrize(("seconds", "text"), [(5, "0:05"), (65.4, "1:05"), (3723, "1:02:03"), (float("nan"), "?")])
def test_clock(seconds: float, text: str):
    assert clock(seconds) == text
