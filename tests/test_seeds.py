"""Several seeds: pinned workers on CPU, one stacked program on accelerators (run on the CPU here)."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import equinox as eqx
import jax
import numpy as np
import pytest

from ppo_doctor import store
from ppo_doctor.train import job, ppo, seeds, session, stacked
from ppo_doctor.train.config import Config, Network, constant
from ppo_doctor.train.job import Failure, Job, Progress

SMALL = Config(
    total_steps=64 * 20,
    n_envs=4,
    n_steps=16,
    batch_size=32,
    n_epochs=2,
    learning_rate=constant(3e-3),
    network=Network(actor=(16,), critic=(16,)),
    pulse_temperature=2.0,
    pulse_updates=3,
    stagnation_window=2,
)
LONG = replace(SMALL, total_steps=64 * 1_000_000, pulse_temperature=None, signals=False)  # compiles faster


def jobs(root: Path, config: Config = SMALL, numbers: tuple[int, ...] = (0, 1), every: int = 4) -> list[Job]:
    return [Job("cartpole", {"max_steps": 60}, config, seed, root / f"seed{seed}", every, 2, 2) for seed in numbers]


def rows(path: Path) -> list[dict]:
    """All rows, without the one signal that is wall-clock."""
    found = [json.loads(line) for line in (path / "signals.jsonl").read_text().splitlines()]
    for row in found:
        del row["signals"]["steps_per_second"]
    return found


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[seeds.Worker]:
    """Every worker that the test starts."""
    found: list[seeds.Worker] = []

    class Noted(seeds.Worker):
        def __init__(self, *args, **kwargs) -> None:
            super().__init__(*args, **kwargs)
            found.append(self)

    monkeypatch.setattr(seeds, "Worker", Noted)
    return found


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seeds trained by workers, never interrupted."""
    root = tmp_path_factory.mktemp("whole")
    events = list(seeds.workers(jobs(root, numbers=(0, 1, 2))))
    assert not [event for event in events if isinstance(event, Failure)]
    return root


def test_workers_train_every_seed_to_its_end(whole: Path):
    for seed in (0, 1, 2):
        run = store.load(whole / f"seed{seed}")
        assert run.meta["status"] == "finished"
        assert run.scalar("seed") == seed
        assert len(run.series("updates")) == 20
    assert rows(whole / "seed0") != rows(whole / "seed1")


def test_a_worker_has_one_core_and_one_thread_to_compute_with(tmp_path: Path, started: list[seeds.Worker]):
    with contextlib.closing(seeds.workers(jobs(tmp_path, LONG, (0,)), patience=300.0)) as stream:
        next(stream)
        assert os.sched_getaffinity(started[0].process.pid) == {started[0].core}


def test_leaving_the_loop_makes_workers_save_and_resuming_is_bit_equal(whole: Path, tmp_path: Path):
    for seed in (0, 1):  # a few updates, so that there is something to go on from
        stream = session.follow(jobs(tmp_path)[seed])
        for progress in stream:
            if progress.update == 6 + seed:
                break
        stream.close()
    # in process and in a worker the same numbers come out: both compute with one thread
    assert [p.update for p in seeds.workers(jobs(tmp_path), resume=True) if isinstance(p, Progress)]
    for seed in (0, 1):
        assert rows(tmp_path / f"seed{seed}") == rows(whole / f"seed{seed}")


def test_an_interrupt_reaches_workers_which_save(tmp_path: Path, started: list[seeds.Worker]):
    todo = jobs(tmp_path, LONG)
    stream = seeds.workers(todo)
    seen = set()
    for event in stream:
        assert isinstance(event, Progress)
        seen.add(event.seed)
        if seen == {0, 1} or len(started) < 2:
            break
    stream.close()
    assert all(worker.process.poll() is not None for worker in started)
    for seed in seen:
        run = store.load(tmp_path / f"seed{seed}")
        assert run.meta["status"] == "interrupted"
        kept = session.begin(todo[seed], session.make(todo[seed], "train"), resume=True)[1]
        assert int(kept.controls.update) * 64 == run.last_step, "saved at the update it stopped at"


def test_a_killed_worker_is_reported_and_the_others_finish(tmp_path: Path, started: list[seeds.Worker]):
    doomed, short = jobs(tmp_path, LONG, (0,))[0], jobs(tmp_path, SMALL, (1,))[0]
    failures, last = [], {}
    for event in seeds.workers([doomed, short]):
        if isinstance(event, Failure):
            failures.append(event)
        else:
            last[event.seed] = event.update
            if event.seed == 0:
                started[0].process.kill()
    assert [failure.seed for failure in failures] == [0]
    assert "SIGKILL" in failures[0].message
    assert last[1] == 20


def test_a_hung_worker_is_ended(tmp_path: Path, started: list[seeds.Worker]):
    events = []
    for event in seeds.workers(jobs(tmp_path, LONG, (0,)), patience=20.0):
        events.append(event)
        if len(events) == 1:
            started[0].process.send_signal(signal.SIGSTOP)
    assert isinstance(events[-1], Failure)
    assert "said nothing for 20 s" in events[-1].message
    assert started[0].process.poll() is not None


def test_a_users_mistake_is_said_in_the_workers_own_words(tmp_path: Path):
    (event,) = seeds.workers(jobs(tmp_path, replace(SMALL, batch_size=33), (0,)))
    assert isinstance(event, Failure)
    assert "must divide the rollout" in event.message
    assert not (tmp_path / "seed0").exists()


def test_a_worker_whose_parent_is_gone_saves_and_stops(tmp_path: Path):
    (todo,) = jobs(tmp_path, LONG, (0,))
    order = {"meta": todo.meta(), "path": str(todo.path), "core": seeds.cores()[0], "resume": False}
    command = [sys.executable, "-m", "ppo_doctor.train.seeds", json.dumps(order)]
    worker = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert worker.stdout is not None
    assert worker.stderr is not None
    assert "progress" in worker.stdout.readline()
    worker.stdout.close()
    assert worker.wait(60) == 0, worker.stderr.read()
    worker.stderr.close()
    assert store.load(todo.path).meta["status"] == "interrupted"


def test_orders_survive_the_way_to_a_worker(tmp_path: Path):
    (one,) = jobs(tmp_path, SMALL, (3,))
    assert job.parse(json.loads(json.dumps(one.meta())), one.path) == one


# ---------------------------------------------------------------------------------------------------------- stacked


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seeds trained as one program, never interrupted."""
    root = tmp_path_factory.mktemp("stack")
    events = list(stacked.follow(jobs(root)))
    assert [event.seed for event in events] == [0, 1] * 20
    return root


def test_stacked_seeds_learn_what_single_ones_do(stack: Path, whole: Path):
    for seed in (0, 1):
        one, two = (store.load(root / f"seed{seed}") for root in (stack, whole))
        assert one.meta["status"] == "finished"
        assert set(one.signals) == set(two.signals)
        for name in ("pg_loss", "entropy", "return_mean"):
            np.testing.assert_allclose(one.series(name).value[:2], two.series(name).value[:2], rtol=1e-3, atol=1e-5)


def test_stacked_seeds_pulse_one_by_one(stack: Path):
    active = [store.load(stack / f"seed{seed}").series("pulse_active").value for seed in (0, 1)]
    heat = [store.load(stack / f"seed{seed}").series("temperature").value for seed in (0, 1)]
    assert sum(x.sum() for x in active) > 0, "the configuration is chosen so that one stagnates"
    np.testing.assert_array_equal(np.array(heat), np.where(np.array(active) > 0, 2.0, 1.0))


@pytest.mark.parametrize("how", ["interrupted", "killed"])
def test_stacked_seeds_resume_bit_equal(stack: Path, tmp_path: Path, how: str):
    stream = stacked.follow(jobs(tmp_path))
    for event in stream:
        if (event.seed, event.update) == (0, 10):  # seed 1 has its tenth row too, but no one was told
            if how == "killed":
                shutil.copytree(tmp_path, tmp_path / "left", dirs_exist_ok=True)
            break
    stream.close()
    if how == "killed":  # what a killed process leaves behind: nothing saved since the last evaluation
        for seed in (0, 1):
            shutil.rmtree(tmp_path / f"seed{seed}")
            shutil.move(tmp_path / "left" / f"seed{seed}", tmp_path)
    first = next(iter(again := stacked.follow(jobs(tmp_path), resume=True)))
    assert first.update == (11 if how == "interrupted" else 9)
    for _ in again:
        pass
    for seed in (0, 1):
        assert rows(tmp_path / f"seed{seed}") == rows(stack / f"seed{seed}")


def test_seeds_begun_one_by_one_go_on_one_by_one(whole: Path, tmp_path: Path):
    todo = jobs(tmp_path)
    stream = session.follow(todo[1])
    for progress in stream:
        if progress.update == 6:
            break
    stream.close()
    assert len([event for event in stacked.follow(todo, resume=True) if isinstance(event, Progress)]) == 20 + 14
    for seed in (0, 1):
        assert rows(tmp_path / f"seed{seed}") == rows(whole / f"seed{seed}")


def test_a_stacked_seed_that_stays_non_finite_fails_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    real = stacked._begin

    def poisoned(*args):
        learners, sessions = real(*args)
        critic = jax.tree.map(lambda x: x.at[0].multiply(float("nan")), learners.model.critic)
        return learners._replace(model=eqx.tree_at(lambda m: m.critic, learners.model, critic)), sessions

    monkeypatch.setattr(stacked, "_begin", poisoned)
    events = list(stacked.follow(jobs(tmp_path)))
    assert [(e.seed, "non-finite" in e.message) for e in events if isinstance(e, Failure)] == [(0, True)]
    assert max(e.update for e in events if isinstance(e, Progress) and e.seed == 0) == ppo.MAX_REFUSALS
    assert store.load(tmp_path / "seed0").meta["status"] == "failed"
    assert store.load(tmp_path / "seed1").meta["status"] == "finished"
