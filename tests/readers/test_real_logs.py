"""Logs of public projects: read whole, with the numbers that were read off them by hand.

Those whose licence allows it are in tests/data/logs. All others are read in place where PPO_DOCTOR_LOGS (default
../shared/logs) names a folder of them.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from ppo_doctor.adapters import logs
from ppo_doctor.diagnose.engine import diagnose
from ppo_doctor.run import Run

ROOT = Path(__file__).parents[2]
OURS = ROOT / "tests" / "data" / "logs"
OTHERS = Path(os.environ.get("PPO_DOCTOR_LOGS", ROOT.parent / "shared" / "logs"))
FOLDERS = {path.parent.name: path.parent for root in (OTHERS, OURS) for path in sorted(root.glob("*/meta.json"))}
KEYS = {
    "ret": ("mean_ep_return", 1.0),
    "eval": ("eval_mean_return", 1.0),
    "explained_variance": ("explained_variance", 1.0),
    "clip_fraction": ("clip_frac", 1.0),
    "learning_rate": ("learning_rate", 1.0),
    "value_loss": ("v_loss", 0.5),
}
"""Key of meta.json -> signal, and the factor between the two."""
FORMATS = {"stable-baselines3": "sb3", "torch-ac": "torch_ac", "Unity": "ml_agents", "Ray": "rllib"}


def only(folder: Path) -> Run:
    (source,) = logs.find(folder)
    return logs.read(source)


@pytest.fixture(params=sorted(FOLDERS))
def folder(request: pytest.FixtureRequest) -> Path:
    return FOLDERS[request.param]


def test_the_key_numbers_of_a_real_log_are_read(folder: Path) -> None:
    run, meta = only(folder), json.loads((folder / "meta.json").read_text())
    word = meta["framework"].split()[0]
    assert FORMATS.get(word, run.meta["formats"][0]) == run.meta["formats"][0]
    assert run.meta["notes"] == []
    for key, numbers in meta["key_numbers"].items():
        if key not in KEYS:
            continue
        name, scale = KEYS[key]
        value = run.series(name).value / scale
        value = value[np.isfinite(value)]  # as they were counted
        read = [len(value), value[0], value[-1], value.max(), value.min()]
        wanted = [numbers[one] for one in ("points", "first", "last", "max", "min")]
        assert read == pytest.approx(wanted, rel=2e-3, abs=1e-9), key  # meta.json has four digits
    if meta["last_step"]:
        assert run.last_step == meta["last_step"]


def test_the_entropy_of_a_real_log_has_the_right_sign(folder: Path) -> None:
    numbers = json.loads((folder / "meta.json").read_text())["key_numbers"].get("entropy")
    if numbers is None:
        return
    sign = -1.0 if numbers["tag"] == "train/entropy_loss" else 1.0
    value = only(folder).series("entropy").value
    assert [value[0], value[-1]] == pytest.approx([sign * numbers["first"], sign * numbers["last"]], rel=2e-3)


def test_no_rule_crashes_on_a_real_log(folder: Path) -> None:
    report = diagnose(only(folder))
    assert [one.reason for one in report.outcomes if one.status == "crashed"] == []
    assert report.not_checked, "a foreign log never answers everything"


HEALTHY = ("rl-022", "rl-023", "rl-030", "rl-033", "rl-034", "rl-040", "rl-041", "rl-042", "rl-046", "rl-056")


@pytest.mark.parametrize("name", [name for name in HEALTHY if name in FOLDERS])
def test_a_healthy_real_run_has_no_warning(name: str) -> None:
    assert [one.rule for one in diagnose(only(FOLDERS[name])).findings if one.severity != "info"] == []


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("rl-003", {"return-scale-large", "critic-constant"}),
        ("rl-004", {"return-scale-large", "critic-constant"}),
        ("rl-009", {"static-outcomes", "entropy-at-maximum"}),
        ("rl-021", {"return-not-recorded"}),
        ("rl-037", {"static-outcomes"}),
        ("rl-039", {"rollout-tiny", "kl-spike"}),
        ("rl-054", {"evaluation-does-not-follow", "kl-spike"}),
    ],
)
def test_what_is_wrong_with_a_failing_real_run_is_found(name: str, rules: set[str]) -> None:
    if name not in FOLDERS:
        pytest.skip("this log may not be copied: set PPO_DOCTOR_LOGS")
    assert rules <= {one.rule for one in diagnose(only(FOLDERS[name])).findings}


def test_monitor_episodes_agree_with_the_trainers_own_average() -> None:
    if "rl-003" not in FOLDERS:
        pytest.skip("this log may not be copied: set PPO_DOCTOR_LOGS")
    (whole,) = logs.find(FOLDERS["rl-003"] / "monitor.csv")
    episodes, average = logs.read(whole).series("mean_ep_return"), only(FOLDERS["rl-003"]).series("mean_ep_return")
    assert episodes.last_step == pytest.approx(average.last_step, rel=0.01)
    assert episodes.value.mean() == pytest.approx(average.value.mean(), rel=0.01)
