"""Counts become probabilities, files are checked, and mechanisms of one cause are told apart."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ppo_doctor.diagnose import calibration
from ppo_doctor.diagnose.calibration import STRENGTH, Calibration, log_loss, tally
from ppo_doctor.diagnose.differential import rank
from ppo_doctor.errors import UserError

CASES = [("action-ignored", "no_effect", {"kl-spike": "fired", "return-flat": "clean", "drift": "skipped"})] * 3


def test_cases_are_counted_by_verdict() -> None:
    counted = tally(CASES, "a test")
    assert counted.cases == {"action-ignored": 3}
    assert counted.counts["action-ignored"]["no_effect"]["kl-spike"] == {"fired": 3, "clean": 0, "unknown": 0}
    assert counted.merged["action-ignored"]["drift"] == {"fired": 0, "clean": 0, "unknown": 3}


def test_counts_pull_the_expectation_towards_what_was_measured() -> None:
    counted = tally(CASES)
    assert counted.smoothed("action-ignored", "kl-spike", 0.1) == pytest.approx((3 + 0.1 * STRENGTH) / (3 + STRENGTH))
    assert counted.smoothed("overshoot", "kl-spike", 0.1) == pytest.approx(0.1)
    assert counted.smoothed("action-ignored", "drift", 0.1) == pytest.approx(0.1)


def test_measured_counts_change_the_ranking() -> None:
    cases = [("dropout-active", "", {"rank-collapses": "fired"})] * 200
    cases += [("gae-leak", "", {"rank-collapses": "clean"})] * 200
    before, after = rank({"rank-collapses": "fired"}, Calibration()), rank({"rank-collapses": "fired"}, tally(cases))
    assert after["dropout-active"] > 2.0 * before["dropout-active"]
    assert after["gae-leak"] < before["gae-leak"]


def test_two_mechanisms_of_one_cause_are_not_averaged() -> None:
    """One makes two rules fire, the other none: one of the two alone is more likely another cause's doing."""
    both, none = (
        dict.fromkeys(("rank-collapses", "drift"), "fired"),
        dict.fromkeys(("rank-collapses", "drift"), "clean"),
    )
    one = {"rank-collapses": "fired", "drift": "clean"}
    apart = [("gae-leak", "a", both)] * 100 + [("gae-leak", "b", none)] * 100
    blurred = [("gae-leak", "a", said) for _, _, said in apart]
    for said in (both, none):
        assert rank(said, tally(apart))["gae-leak"] > rank(said, tally(blurred))["gae-leak"]
    assert rank(one, tally(apart))["gae-leak"] < rank(one, tally(blurred))["gae-leak"]


def test_a_single_mechanism_is_the_cause() -> None:
    cases = [("gae-leak", "a", {"rank-collapses": "fired"})] * 20
    assert rank({"drift": "fired"}, tally(cases)) == pytest.approx(
        rank({"drift": "fired"}, tally([("gae-leak", "b", cases[0][2])] * 20))
    )


def test_a_file_survives_writing_and_reading(tmp_path: Path) -> None:
    counted = tally(CASES, "make it")
    (tmp_path / "c.json").write_text(counted.to_json())
    assert calibration.load(tmp_path / "c.json") == counted
    assert calibration.load(tmp_path / "absent.json") == Calibration()


@pytest.mark.parametrize(
    "text",
    [
        "", "nonsense", "[]", "null", '{"temperature": "hot"}', '{"temperature": 0}', '{"temperature": NaN}',
        '{"cases": 3}', '{"cases": {"a": -1}}', '{"counts": {"a": {"b": {"fired": 1.5}}}}', '{"counts": {"a": [1]}}',
    ],
)  # fmt: skip
def test_a_bad_file_is_one_clear_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "c.json").write_text(text)
    with pytest.raises(UserError, match=r"c\.json is no calibration") as error:
        calibration.load(tmp_path / "c.json")
    assert "\n" not in str(error.value)


WORD = st.sampled_from(["", "fired", "clean", "gae-leak", "\x00", "ü"])
ATOM = st.none() | st.booleans() | st.integers() | st.floats() | WORD
JSON = (
    ATOM
    | st.lists(ATOM, max_size=2)
    | st.dictionaries(WORD, ATOM | st.dictionaries(WORD, ATOM, max_size=2), max_size=2)
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)  # processors are shared
@given(st.fixed_dictionaries({}, optional={"temperature": JSON, "cases": JSON, "counts": JSON, "made_by": JSON}))
def test_any_json_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, found: dict) -> None:
    path = tmp_path_factory.mktemp("calibration") / "c.json"
    path.write_text(json.dumps(found))
    try:
        assert isinstance(calibration.load(path), Calibration)
    except UserError:
        return


def test_log_loss_is_that_of_the_true_causes() -> None:
    assert log_loss([1.0, 0.5]) == pytest.approx(math.log(2.0) / 2.0)
    assert math.isfinite(log_loss([0.0]))
    assert math.isnan(log_loss([]))


def test_the_shipped_calibration_is_readable() -> None:
    assert calibration.load().temperature > 0.0


def test_many_runs_of_few_environments_do_not_outvote_an_expectation() -> None:
    few, many = calibration.share(0, 40, 0.05), calibration.share(0, 4000, 0.05)
    assert few == many > 0.0
    assert calibration.share(1000, 0, 0.05) == calibration.share(40, 0, 0.05) < 1.0
