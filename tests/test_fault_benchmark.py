"""The fault benchmark end to end on a probe environment; its parts share neither world nor seed."""

import dataclasses
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.faults import __main__ as command  # noqa: E402
from benchmarks.faults import cases, harm, logs, report, scoring, verdicts, worlds  # noqa: E402

from ppo_doctor.diagnose import calibration as counts  # noqa: E402
from ppo_doctor.diagnose import differential  # noqa: E402
from ppo_doctor.run import synthetic  # noqa: E402

FAULTS = ["loss_sign_wrong", "observation_constant", "one_more_epoch"]


def small_world():
    """A world of its own: a short training of two seeds."""
    full = worlds.WORLDS["probe_state_action"]
    config = dataclasses.replace(full.config, total_steps=4096, n_epochs=2)
    return dataclasses.replace(full, part="train", config=config, n_seeds=2, episodes=16)


def train(folder):
    """As the command does it: in a process of its own, where numbers of a configuration may be traced."""
    code = (
        "import dataclasses, sys; from pathlib import Path; from benchmarks.faults import train_command, worlds;"
        "full = worlds.WORLDS['probe_state_action'];"
        "config = dataclasses.replace(full.config, total_steps=4096, n_epochs=2);"
        "worlds.WORLDS[full.name] = dataclasses.replace("
        "full, part='train', config=config, n_seeds=2, episodes=16);"
        f"train_command.train(Path(sys.argv[1]), full.name, {FAULTS}, branches=False)"
    )
    environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}
    done = subprocess.run([sys.executable, "-c", code, str(folder)], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert not list(folder.rglob("*.failed")), [file.read_text() for file in folder.rglob("*.failed")]


@pytest.fixture(scope="module")
def small():
    return small_world()


@pytest.fixture(scope="module")
def cache(small, tmp_path_factory):
    """Trained once: a control and two faults as branches of one program, and one by itself."""
    folder = tmp_path_factory.mktemp("faults")
    train(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(worlds.WORLDS, small.name, small)
        yield folder


def test_every_case_is_trained_and_comes_back_as_runs(cache, small):
    found = {path.stem: cases.load(path) for path in (cache / small.name).glob("*.npz")}
    assert set(found) == {
        "control",
        "loss_sign_wrong@1",
        "loss_sign_wrong@0.3",
        "observation_constant@0",
        "one_more_epoch@1",
    }
    for case in found.values():
        assert case.budget == 4096
        assert [run.scalar("seed") for run in case.runs] == list(small.seeds)
        assert all(len(run.series("entropy")) == 16 for run in case.runs)
        assert all(not run.unmapped for run in case.runs)


def test_what_is_no_branch_is_trained_in_a_program_of_its_own(cache, small):
    control, other = (cases.load(cache / small.name / f"{name}.npz") for name in ("control", "one_more_epoch@1"))
    assert {run.scalar("n_epochs") for run in other.runs} == {control.runs[0].scalar("n_epochs") + 1}
    assert [run.scalar("seed") for run in other.runs] == list(small.seeds)


def test_branches_differ_and_do_what_they_say(cache, small):
    control, wrong, blind = (
        cases.load(cache / small.name / f"{name}.npz")
        for name in ("control", "loss_sign_wrong@1", "observation_constant@0")
    )
    assert control.own.mean() > 0.9
    assert wrong.own.mean() < -0.9
    assert abs(blind.own.mean()) < 0.8  # nothing to go by: right half of the time
    assert "obs" not in blind.runs[0]


def test_what_is_on_disk_is_not_trained_again(cache, small):
    done = {path: path.stat().st_mtime_ns for path in (cache / small.name).glob("*.npz")}
    lost = cache / small.name / "control.npz"
    kept = cases.load(lost).own
    lost.unlink()
    train(cache)
    np.testing.assert_array_equal(cases.load(lost).own, kept)
    assert {path: path.stat().st_mtime_ns for path in done if path != lost} == {
        path: at for path, at in done.items() if path != lost
    }


def test_judging_counts_harm_and_writes_a_calibration_that_loads(cache, small, tmp_path):
    judged = verdicts.collect(cache, [small.name], jobs=1)
    truths = {(trial.run.fault, trial.truth) for trial in scoring.trials(judged)}
    assert ("", "healthy") in truths
    assert ("loss_sign_wrong", "loss-sign-wrong") in truths
    fitted = scoring.calibrate(scoring.trials(judged), "a test")
    path = tmp_path / "calibration.json"
    path.write_text(fitted.to_json(), encoding="utf-8")
    assert counts.load(path) == fitted
    assert set(json.loads(path.read_text())) == {"temperature", "cases", "counts", "made_by"}
    models = (differential.model(fitted), differential.model(counts.Calibration()))
    page = report.document(judged, *models, 1.0, "a test", cases.missing(cache, [small.name]))
    assert "## Held-out part" in page
    assert "Planned and not trained: 0 cases.\n" in page


def test_what_was_planned_and_is_not_there_is_told(cache, small, tmp_path):
    folder = tmp_path / small.name
    shutil.copytree(cache / small.name, folder)
    for lost in ("loss_sign_wrong@1", "loss_sign_wrong@0.3", "one_more_epoch@1"):
        (folder / f"{lost}.npz").unlink()
    missing = cases.missing(tmp_path, [small.name])
    assert missing == {"loss_sign_wrong": 2, "one_more_epoch": 1}
    assert report._missing(missing) == "Planned and not trained: 3 cases (loss_sign_wrong 2, one_more_epoch 1).\n"


@pytest.mark.parametrize(("whole", "planned"), [(False, ["control", "a@1", "b@2"]), (True, ["control", "b@2"])])
def test_training_some_faults_does_not_forget_the_others_that_were_planned(whole, planned, tmp_path):
    cases.plan(tmp_path, ["control", "a@1"], whole=True)
    cases.plan(tmp_path, ["control", "b@2"], whole)
    assert json.loads((tmp_path / "plan.json").read_text()) == planned


def test_verdicts_are_kept_until_a_rule_changes(cache, small, monkeypatch):
    verdicts.collect(cache, [small.name], jobs=1)
    path = cache / small.name / "control.npz"
    before = path.with_suffix(".verdicts.json").stat().st_mtime_ns
    verdicts.statuses(path)
    assert path.with_suffix(".verdicts.json").stat().st_mtime_ns == before
    monkeypatch.setattr(verdicts, "fingerprint", lambda: "another")
    verdicts.statuses(path)
    assert path.with_suffix(".verdicts.json").stat().st_mtime_ns > before


def test_a_bare_log_counts_passes_as_sb3_does_and_keeps_its_signs():
    steps, passes = [64.0, 128.0, 192.0], [4.0, 4.0, 0.25]
    whole = synthetic("a", env_steps=steps, epochs_run=passes, entropy=[0.6, 0.5, 0.4], v_loss=[1.0, 2.0, 3.0])
    bare = logs.as_sb3(whole)
    assert bare.series("epochs_run").value.tolist() == [4.0, 1.0]  # passes since the row before; one begun is one
    for name in ("entropy", "v_loss"):
        np.testing.assert_allclose(bare.series(name).value, whole.series(name).value)


def test_what_is_true_of_an_environment_by_construction_is_no_false_alarm():
    def trial(world: str) -> scoring.Trial:
        unhurt = harm.Harm(worse=False, learned=True, lost=0.0)
        run = verdicts.Judged(world, "test", "", 0.0, "", "control", 0, True, unhurt, {}, {}, {}, {})
        return scoring.trials([run])[0]

    frozen = {"state-frozen": 0.9, "no-headroom": 0.1}
    assert trial("probe_truncation").truth == "no-headroom"
    assert scoring.accused(trial("probe_truncation"), frozen) is None
    assert trial("pendulum").truth == "healthy"
    assert scoring.accused(trial("pendulum"), frozen) == "state-frozen"
    assert scoring.accused(trial("pendulum"), {"state-frozen": 0.4, "healthy": 0.3}) is None
    assert scoring.accused(trial("pendulum"), {"no-headroom": 0.9}) is None


def test_parts_share_neither_world_nor_seed():
    parts = {part: [one for one in worlds.WORLDS.values() if one.part == part] for part in ("train", "test")}
    assert not {one.system for one in parts["train"]} & {one.system for one in parts["test"]}
    seeds = {part: {seed for one in found for seed in one.seeds} for part, found in parts.items()}
    assert not seeds["train"] & seeds["test"]
    assert len(worlds.WORLDS) >= 6


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"), [(0, 40, 0.0, 0.088), (40, 40, 0.912, 1.0), (5, 10, 0.237, 0.763)]
)
def test_intervals_are_those_of_wilson(hits, n, low, high):
    """Against the published formula's values (Brown, Cai and DasGupta 2001)."""
    assert scoring.Share(hits, n).interval == pytest.approx((low, high), abs=1e-3)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("train nothing", "unknown world nothing"),
        ("train probe_mask --only nothing", "unknown fault nothing; `ppo-doctor faults` lists them"),
        ("train probe_mask --only=", "unknown fault"),
        ("train probe_mask --jobs 0", "--jobs must be at least 1"),
        ("train probe_mask --cache {file}", "cannot create {file}"),
        ("judge probe_mask --cache {folder}", "holds no finished control"),
        ("probe probe_mask --cache {folder}", "{folder} holds no trained control of probe_mask: train first"),
        ("trial probe_mask --cache {folder}", "{folder} holds no trained control of probe_mask: train first"),
        ("bound --cache {folder}", "{folder} holds no trained control of probe_mask"),
        ("train probe_mask --cache {spoiled}", "1 of 1 worlds ended early"),
    ],
)
def test_a_mistake_ends_with_one_line_and_status_2(words, expected, tmp_path, monkeypatch, capfd):
    places = {name: tmp_path / name for name in ("file", "folder", "spoiled")}
    places["file"].write_text("")
    places["spoiled"].mkdir()
    (places["spoiled"] / "probe_mask").write_text("where a folder must be")
    monkeypatch.setattr(sys, "argv", ["faults", *(word.format(**places) for word in words.split())])
    with pytest.raises(SystemExit) as ended:
        command.main()
    assert ended.value.code == 2
    assert expected.format(**places) in capfd.readouterr().err.splitlines()[-1]
