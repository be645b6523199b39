"""One training into a run directory: exact resume above all."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import warnings
from dataclasses import replace
from pathlib import Path

import jax
import numpy as np
import pytest

from ppo_doctor import store
from ppo_doctor.errors import UserError
from ppo_doctor.jsonl import HalfWrittenLine
from ppo_doctor.train import checkpoint, envs, job, ppo, session
from ppo_doctor.train.config import Config, Network, constant

SMALL = Config(
    total_steps=64 * 40,
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
EVERY, EPISODES = 7, 3


def train(path: Path, config: Config = SMALL, resume: bool = False, stop: int | None = None) -> list[job.Progress]:
    """Train; leave the loop after update `stop`."""
    seen = []
    stream = session.run("cartpole", {"max_steps": 60}, config, 3, path, EVERY, EPISODES, resume, eval_blocks=2)
    for progress in stream:
        seen.append(progress)
        if progress.update == stop:
            break
    stream.close()
    return seen


def rows(path: Path) -> list[dict]:
    """All rows, without the one signal that is wall-clock."""
    found = [json.loads(line) for line in (path / "signals.jsonl").read_text().splitlines()]
    for row in found:
        del row["signals"]["steps_per_second"]
    return found


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that was never interrupted."""
    path = tmp_path_factory.mktemp("whole") / "run"
    train(path)
    return path


def test_a_run_records_every_update_and_is_known_afterwards(whole: Path):
    run = store.load(whole)
    assert run.meta["status"] == "finished"
    np.testing.assert_array_equal(run.series("updates").value, np.arange(1, 41))
    np.testing.assert_array_equal(run.series("env_steps").step, np.arange(1, 41) * 64)
    np.testing.assert_array_equal(run.series("eval_mean_return").step // 64, [7, 14, 21, 28, 35, 40])
    assert run.scalar("random_return", 0.0) > 5
    assert 0 < run.scalar("random_return_std", 0.0) < 60
    assert run.scalar("rollout_rows") == 64
    assert run.scalar("n_actions") == 2
    assert run.scalar("episode_limit") == 60
    assert run.unmapped == ()


def test_evaluation_signals_are_means_of_blocks(whole: Path):
    run = store.load(whole)
    blocks = np.stack([run.series(f"eval_block{k}_return").value for k in range(2)])
    np.testing.assert_allclose(run.series("eval_mean_return").value, blocks.mean(axis=0), rtol=1e-6)
    np.testing.assert_array_equal(run.series("eval_min_block_return").value, blocks.min(axis=0))
    np.testing.assert_array_equal(run.series("eval_max_block_return").value, blocks.max(axis=0))


def test_best_checkpoint_is_the_earliest_of_the_best_evaluations(whole: Path):
    run = store.load(whole)
    returns = run.series("eval_mean_return")
    best = checkpoint.load(whole / "checkpoints" / "best.eqx", SMALL, envs.make("cartpole", max_steps=60))
    assert int(best.controls.update) * 64 == returns.step[np.argmax(returns.value)]


def test_last_checkpoint_is_the_end(whole: Path):
    last = checkpoint.load(whole / "checkpoints" / "last.eqx", SMALL, envs.make("cartpole", max_steps=60))
    assert int(last.controls.update) == 40


def test_a_pulse_fired_and_left_its_mark(whole: Path):
    run = store.load(whole)
    active, temperature = run.series("pulse_active").value, run.series("temperature").value
    assert 3 <= active.sum() < 40, "the configuration is chosen so that the run stagnates at least once"
    np.testing.assert_array_equal(temperature, np.where(active > 0, 2.0, 1.0))


@pytest.mark.parametrize("stop", [1, 7, 8, 23, 39])
def test_leaving_the_loop_saves_and_resuming_is_bit_equal(whole: Path, tmp_path: Path, stop: int):
    seen = train(tmp_path / "run", stop=stop)
    assert len(seen) == stop
    assert store.load(tmp_path / "run").meta["status"] == "interrupted"
    again = train(tmp_path / "run", resume=True)
    assert again[0].update == stop + 1, "nothing was computed twice"
    assert rows(tmp_path / "run") == rows(whole)
    assert again[-1].best == pytest.approx(max(store.load(whole).series("eval_mean_return").value))


def test_resuming_a_finished_run_does_nothing(whole: Path):
    before = rows(whole)
    assert train(whole, resume=True) == []
    assert rows(whole) == before


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
import test_session as t
from ppo_doctor.train import session
sizes = dict(eval_every=t.EVERY, eval_episodes=t.EPISODES, eval_blocks=2)
for progress in session.run("cartpole", {"max_steps": 60}, t.SMALL, 3, Path(sys.argv[1]), **sizes):
    if progress.update == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
"""


def test_killing_the_process_at_a_random_update_and_resuming_is_bit_equal(whole: Path, tmp_path: Path):
    update = random.SystemRandom().randint(1, 39)
    command = [sys.executable, "-c", KILLED, str(tmp_path / "run"), str(update), str(Path(__file__).parent)]
    killed = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert killed.returncode == -9, killed.stderr
    assert len(rows(tmp_path / "run")) == update, (
        "every row before the kill is on disk, some beyond the last checkpoint"
    )
    first = train(tmp_path / "run", resume=True)[0].update
    assert first == update // EVERY * EVERY + 1, f"killed at {update}: goes on from the last checkpoint"
    assert rows(tmp_path / "run") == rows(whole), f"killed at update {update}"


def test_a_half_written_row_is_computed_again(whole: Path, tmp_path: Path):
    train(tmp_path / "run", stop=10)
    file = tmp_path / "run" / "signals.jsonl"
    file.write_bytes(file.read_bytes() + b'{"step":704,"upd')
    with pytest.warns(HalfWrittenLine, match="signals.jsonl:11"):
        train(tmp_path / "run", resume=True)
    assert rows(tmp_path / "run") == rows(whole)


def test_rows_lost_behind_the_checkpoint_are_noticed(tmp_path: Path):
    train(tmp_path / "run", stop=10)
    file = tmp_path / "run" / "signals.jsonl"
    file.write_text("".join(file.read_text().splitlines(keepends=True)[:5]))
    with pytest.raises(UserError, match="before the last checkpoint"):
        train(tmp_path / "run", resume=True)


def test_a_directory_with_a_run_is_not_overwritten(whole: Path):
    with pytest.raises(UserError, match="already holds a run"):
        train(whole)


def test_resuming_with_other_settings_is_refused(whole: Path):
    with pytest.raises(UserError, match="other settings"):
        train(whole, config=replace(SMALL, gamma=0.5), resume=True)


def test_settings_that_cannot_work_leave_no_directory(tmp_path: Path):
    with pytest.raises(UserError, match="must divide"):
        train(tmp_path / "run", config=replace(SMALL, batch_size=33))
    assert not (tmp_path / "run").exists()


def test_a_damaged_checkpoint_is_named(tmp_path: Path):
    train(tmp_path / "run", stop=8)
    (tmp_path / "run" / "checkpoints" / "last.eqx").write_bytes(b"nonsense")
    with pytest.raises(UserError, match=r"last\.eqx"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        train(tmp_path / "run", resume=True)


def test_a_refused_update_is_saved(tmp_path: Path):
    poison = replace(SMALL, learning_rate=constant(1e38), max_grad_norm=1e38, pulse_temperature=None, signals=False)
    with pytest.raises(UserError, match="non-finite"):
        train(tmp_path / "run", config=poison)
    run = store.load(tmp_path / "run")
    assert run.meta["status"] == "failed"
    assert run.series("refused").value[-1] == 1
    kept = checkpoint.load(
        tmp_path / "run" / "checkpoints" / "refused.eqx", poison, envs.make("cartpole", max_steps=60)
    )
    assert all(bool(np.isfinite(leaf).all()) for leaf in jax.tree.leaves(kept.model))


def test_pulses_wait_a_window_and_depend_on_the_returns_alone():
    config = replace(SMALL, stagnation_window=2, stagnation_threshold=0.01)
    flat = [1.0, 2.0, 3.0, 3.0, 3.0, 3.0, 3.0]
    fired = [n for n in range(1, 8) if session.pulse_due(flat[:n], config)]
    assert fired == [5, 7], "fires when two evaluations brought nothing, then again two later"
    assert not session.pulse_due(flat, replace(config, pulse_temperature=None))


def test_evaluation_leaves_the_learner_usable(tmp_path: Path):
    env = envs.make("cartpole", max_steps=60)
    one, learner = session.begin(
        job.Job("cartpole", {"max_steps": 60}, SMALL, 3, tmp_path / "run", 1, 2, 2), env, False
    )
    for now, signals in ppo.train(SMALL, env, 3, learner):
        after, progress = one.record(now, signals)
        assert after is now
        assert "eval_mean_return" in progress.signals
        if progress.update == 2:
            break
    one.writer.finish("interrupted")
