"""The engine decides what is skipped, undecided, suppressed or crashed, and counts all of it."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import pytest

from ppo_doctor.diagnose.engine import STATUSES, Settings, diagnose, judge
from ppo_doctor.diagnose.finding import Finding
from ppo_doctor.diagnose.rule import all_rules, find
from ppo_doctor.errors import UserError
from ppo_doctor.run import Run, Series, synthetic

KL = find("kl-spike")


def test_every_status_is_counted_and_none_is_left_out() -> None:
    run = synthetic("a", approx_kl_max=[9.0], first_ratio_error=[math.nan], explained_variance=[0.5] * 20)
    report = diagnose(run, Settings(suppress={"ENV101": "no mask here"}))
    assert tuple(report.counts) == STATUSES
    assert sum(report.counts.values()) == len(all_rules())
    assert report.counts["suppressed"] == 1
    by_name = {one.rule.name: one for one in report.outcomes}
    assert by_name["kl-spike"].status == "fired"
    assert by_name["first-ratio-error"].status == "undecided"
    assert by_name["explained-variance-low"].status == "clean"
    assert by_name["invalid-actions"].reason == "no mask here"
    assert by_name["not-above-random"].status == "skipped"
    assert len(report.not_checked) == len(all_rules()) - report.counts["fired"] - report.counts["clean"]


def test_an_empty_run_is_never_healthy() -> None:
    report = diagnose(Run("empty", {}))
    assert report.counts["clean"] == 0
    assert report.counts["fired"] == 0
    assert not report.fails("info")


def test_skipping_says_what_is_missing_and_who_supplies_it() -> None:
    reason = judge(find("EVA101"), synthetic("a", eval_mean_return=[1.0])).reason
    assert "random_return" in reason
    assert "from: evaluation of baselines" in reason


def test_undecided_says_where_the_nan_is() -> None:
    outcome = judge(KL, synthetic("a", approx_kl_max=[0.1, math.nan, math.nan]))
    assert outcome.status == "undecided"
    assert outcome.reason == "approx_kl_max is nan at step 2000 (2 of 3 values)"


def test_a_wrong_kind_counts_as_absent() -> None:
    assert judge(KL, synthetic("a", approx_kl_max=0.5)).status == "skipped"


def test_a_bug_in_one_rule_hides_no_other() -> None:
    def bug(*_: object, **__: object) -> list[Finding]:
        raise ZeroDivisionError("by nothing")

    rules = (dataclasses.replace(KL, check=bug), *all_rules()[1:])
    report = diagnose(synthetic("a", approx_kl_max=[1.0]), rules=rules)
    assert report.counts["crashed"] == 1
    assert sum(report.counts.values()) == len(rules)
    assert "ZeroDivisionError: by nothing" in report.outcomes[0].reason
    assert "test_engine.py" in report.outcomes[0].reason


@pytest.mark.parametrize("answer", [None, 3, ["a sentence"]])
def test_an_answer_that_is_no_list_of_findings_is_a_crash(answer: object) -> None:
    broken = dataclasses.replace(KL, check=lambda *_, **__: answer)
    assert judge(broken, synthetic("a", approx_kl_max=[1.0])).status == "crashed"


def test_findings_are_ordered_by_severity_then_by_examination() -> None:
    run = synthetic("a", approx_kl_max=[9.0], first_ratio_error=[1.0], batch_size=900, rollout_rows=800)
    assert [found.code for found in diagnose(run).findings] == ["DAT101", "POL101", "CFG101"]


@pytest.mark.parametrize(("level", "fails"), [("info", True), ("warning", True), ("critical", False)])
def test_the_fail_level(level: str, fails: bool) -> None:
    assert diagnose(synthetic("a", batch_size=9, rollout_rows=8)).fails(level) == fails  # type: ignore[arg-type]


def test_thresholds_come_from_toml_by_name_or_code(tmp_path: Path) -> None:
    file = tmp_path / "doctor.toml"
    file.write_text('[thresholds.POL101]\nextreme = 20\nlimit = 15.0\n[suppress]\nnonfinite = "known"\n')
    settings = Settings.from_toml(file)
    assert judge(KL, synthetic("a", approx_kl_max=[9.0] * 9), settings).status == "clean"
    assert judge(find("NUM101"), synthetic("a", v_loss=[math.nan]), settings).status == "suppressed"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[thresholds.POL101]\nlimt = 1", "kl-spike has no threshold 'limt'; its thresholds: limit, share"),
        ("[thresholds.kl_spik]\nlimit = 1", "unknown rule 'kl_spik'; known: kl-spike"),
        ('[thresholds.POL101]\nlimit = "1"', "threshold limit of kl-spike is '1', not a number"),
        ("[thresholds.POL101]\nlimit = nan", "not a number"),
        ("[thresholds.POL101]\nlimit = true", "not a number"),
        ("[thresholds]\nPOL101 = 1", "thresholds.kl-spike must be a table"),
        ("thresholds = 1", "thresholds must be a table by rule"),
        ('[suppress]\nPOL101 = " "', "suppressing kl-spike needs a reason"),
        ("[suppress]\nPOL101 = 3", "suppressing kl-spike needs a reason"),
        ("[ignore]\nPOL101 = 3", "unknown table ignore"),
        ("[thresholds", "doctor.toml: "),
    ],
)
def test_bad_settings_are_one_line_that_names_the_file(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "doctor.toml"
    file.write_text(text)
    with pytest.raises(UserError) as caught:
        Settings.from_toml(file)
    assert message in str(caught.value)
    assert str(caught.value).startswith(str(file))
    assert "\n" not in str(caught.value)


def test_a_missing_settings_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"none\.toml: No such file"):
        Settings.from_toml(tmp_path / "none.toml")


def test_an_optional_signal_that_is_empty_counts_as_absent() -> None:
    run = synthetic("a", entropy_frac=[0.01] * 9)
    empty = Run("a", {**run.signals, "eval_mean_return": Series("eval_mean_return", [], [])})
    assert judge(find("entropy-collapse"), empty).reason == judge(find("entropy-collapse"), run).reason


def test_a_series_of_too_few_points_gives_way_to_what_stands_in_for_it() -> None:
    """Two evaluations say nothing of a trend; eighty training returns do."""
    rises = [10.0 + 5.0 * k for k in range(80)]
    run = synthetic("rare evaluations", eval_mean_return=[10.0, 400.0], mean_ep_return=rises)
    (found,) = judge(find("still-improving"), run).findings
    assert found.evidence[0].signal == "mean_ep_return"


def test_a_stand_in_that_says_nothing_either_leaves_the_first_reason() -> None:
    run = synthetic("short", eval_mean_return=[10.0, 400.0], mean_ep_return=[10.0, 20.0, 30.0])
    outcome = judge(find("still-improving"), run)
    assert outcome.status == "undecided"
    assert "eval_mean_return, has 2" in outcome.reason
