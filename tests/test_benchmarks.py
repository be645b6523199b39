"""The benchmark measures what it says: the yardstick is CartPole and learns, the tables hold the numbers."""

import json
import os
import subprocess
import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))  # scripts: siblings import each other by bare name

import pure_jax_ppo  # noqa: E402
import real_logs  # noqa: E402
import report  # noqa: E402
import rows  # noqa: E402
import speed  # noqa: E402
from ppo_doctor.train import envs  # noqa: E402


@pytest.mark.parametrize("action", [0, 1])
def test_the_yardstick_plays_the_same_game(action):
    env, key = envs.make("cartpole"), jax.random.key(0)
    for seed in range(5):
        state, view = env.reset(env.draw(jax.random.key(seed)))
        _, ours = env.step(view.obs, state, jnp.int32(action))
        np.testing.assert_allclose(pure_jax_ppo.env_physics(view.obs, jnp.int32(action)), ours.view.obs, atol=1e-6)
    _, theirs = pure_jax_ppo.env_reset(key)
    late = theirs._replace(time=jnp.int32(499))
    obs, after, reward, done, _ = pure_jax_ppo.env_step(key, late, jnp.int32(action))
    assert (bool(done), float(reward), int(after.time)) == (True, 1.0, 0)
    assert float(jnp.abs(obs).max()) <= 0.05


def test_the_yardstick_learns():
    params = pure_jax_ppo.init_params(0)
    _, info = pure_jax_ppo.train(8, 256, 4, 4, 30, params, jax.random.key(0))
    returns = info["returned_episode_returns"].mean(axis=(1, 2))
    assert float(returns[-1]) > 2.5 * float(returns[1])


def test_every_row_is_planned_and_named():
    planned = {job[0] for job in speed.plan([], [0, 1])}
    assert planned == {*rows.ROWS, *speed.PAIRS} - {"spin"}
    assert planned == {*report.NAMES, *report.SINGLE}
    assert [job[:2] for job in speed.plan(["ours", "A"], [0])] == [("ours", "A")]


def measurement(name, config, rate, round_):
    keys = {"steps_per_second": rate, "seconds": 1.0, "cpu_seconds": 1.0, "compile_s": 2.0, "rss_mb": 300.0}
    return {"name": name, "config": config, "round": round_} | keys


def test_ratios_are_medians_of_paired_rounds():
    """A machine that slows down by half in one round does not touch the ratio."""
    results = [measurement("ours", "A", 200.0 * k, i) for i, k in enumerate((1, 0.5, 1))]
    results += [measurement("sb3", "A", 10.0 * k, i) for i, k in enumerate((1, 0.5, 1))]
    assert report.paired(results, "ours", "sb3", "A") == [20.0, 20.0, 20.0]
    page = report.page(results, "seconds", None, 60.0)
    assert "20.00 [20.00 .. 20.00] (>= 18)" in page
    assert "No accelerator" in page


def test_rows_measured_again_replace_the_old_ones_and_the_page_says_so():
    first = [measurement(name, "A", 100.0, 0) for name in ("ours", "sb3", "ours_x2")]
    full = {"results": first, "clock": "seconds", "seconds": 60.0, "again": []}
    better = [measurement("ours_x2", "A", 190.0, 0) | {"ratio": 1.95}]
    made = speed.replaced(full, better)
    page = report.page(gpu=None, **made)
    assert len(made["results"]) == 3
    assert "1.95 (>= 1.9)" in page
    assert "Measured again after the others: ppo-doctor, two runs on two cores, sum." in page
    assert "Measured again" not in report.page(gpu=None, **full | {"results": first[:2]})


@pytest.mark.parametrize("row", ["ours", "host"])
def test_a_worker_speaks_the_protocol(row):
    """`ready`, then one JSON record for each line, in a process pinned to one core."""
    core = min(os.sched_getaffinity(0))
    command = [sys.executable, str(BENCHMARKS / "worker.py"), row, "A", str(core), "0.002"]
    done = subprocess.run(
        command, input="go\ngo\n", capture_output=True, text=True, env=speed.environment(), check=True
    )
    ready, *records = done.stdout.splitlines()
    assert ready == "ready"
    assert len(records) == 2
    for record in map(json.loads, records):
        assert record.keys() >= {"name", "config", "steps_per_second", "compile_s", "rss_mb"}
        assert record["steps"] == 2 * rows.SHAPES["A"].rows


@pytest.mark.parametrize("words", [["--rounds", "0"], ["--rounds", "-1", "--quick"], ["--only", "nothing"]])
def test_a_speed_benchmark_that_cannot_be_meant_is_refused(words, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["benchmarks", *words])
    monkeypatch.setattr(speed, "run", lambda *given: pytest.fail("it was run"))
    with pytest.raises(SystemExit) as ended:
        speed.main()
    assert ended.value.code == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        (None, "no folder with a meta.json"),
        ("{", "meta.json is no description of a log"),
        ("[]", "meta.json is no description of a log"),
        ('{"outcome": "healthy"}', "meta.json is no description of a log: it lacks framework"),
    ],
)
def test_a_folder_without_described_logs_is_one_line_and_leaves_the_pages(
    meta, expected, tmp_path, monkeypatch, capsys
):
    (tmp_path / "docs").mkdir()
    monkeypatch.setattr(real_logs, "ROOT", tmp_path)
    if meta is not None:
        (tmp_path / "logs" / "one").mkdir(parents=True)
        (tmp_path / "logs" / "one" / "meta.json").write_text(meta)
    assert real_logs.main([str(tmp_path / "logs")]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert expected in said.err
    assert list((tmp_path / "docs").iterdir()) == []
