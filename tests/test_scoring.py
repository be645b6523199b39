"""The fault benchmark's arithmetic: which verdict is right, at which place it came, since when it was seen."""

import dataclasses
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.faults import harm, scoring, verdicts

from ppo_doctor.diagnose import calibration, differential
from ppo_doctor.diagnose.cause import all_causes

CAUSE = "action-ignored"
SEEN, DENIED = {CAUSE: "fired"}, {CAUSE: "clean"}


def run(fault="", cause="", kind="fault", hurt=(False, True, 0.0), world="cartpole", prefixes=None, whole=None):
    """A judged run. hurt: (worse, learned, share lost)."""
    found = harm.Harm(*hurt)
    return verdicts.Judged(world, "test", fault, 1.0, cause, kind, 0, True, found, whole or {}, {}, prefixes or {}, {})


@pytest.mark.parametrize(
    ("one", "right"),
    [
        (run("f", "action-ignored", hurt=(True, False, 0.9)), "action-ignored"),
        (run("f", "action-ignored", hurt=(False, True, 0.05)), None),
        (run(), "healthy"),
        (run(hurt=(False, False, 0.0)), None),
        (run(hurt=(False, True, 0.3)), "healthy"),
        (run("mutant", hurt=(False, True, 0.05)), "healthy"),
        (run("mutant", hurt=(False, True, 0.3)), None),
        (run("mutant", hurt=(False, False, 0.05)), None),
        (run("mutant", hurt=(False, False, 0.3), world="probe_discount"), "no-headroom"),
    ],
)
def test_a_verdict_is_right_where_the_fault_did_harm_or_the_sound_run_learned(one, right):
    assert scoring.verdict(one) == right
    assert [trial.truth for trial in scoring.trials([one])] == ([right] if right else [])


def test_defects_of_the_evaluation_count_by_construction_where_learning_did_not_suffer():
    unhurt, hurt = (False, True, 0.0), (True, True, 0.2)
    counted = run("f", "c", "evaluation", unhurt)
    others = [run("f", "c", "evaluation", hurt), run("f", "c", "learner", unhurt), run("f", "", "evaluation", unhurt)]
    assert [trial.run for trial in scoring.by_construction([*others, counted])] == [counted]


def test_a_run_is_counted_by_all_its_signals_and_as_a_bare_log():
    one = dataclasses.replace(run(whole={"drift": "fired"}), logs_only={"drift": "clean", "return-flat": "clean"})
    seen = scoring.calibrate([scoring.Trial(one, "healthy")], "a test").merged["healthy"]
    assert {rule: row["fired"] + 10 * row["clean"] for rule, row in seen.items()} == {"drift": 11, "return-flat": 10}


def test_places_count_from_one_and_the_absent_come_after_all():
    found = {"a": 0.6, "b": 0.3, "c": 0.1}
    assert [scoring.place(found, name) for name in ("a", "b", "c", "d")] == [1, 2, 3, 4]


def test_an_accusation_needs_more_than_one_half():
    trial = scoring.Trial(run(), "healthy")
    assert scoring.accused(trial, {CAUSE: scoring.ALARM}) is None
    assert scoring.accused(trial, {CAUSE: scoring.ALARM + 1e-6}) == CAUSE


@pytest.fixture(scope="module")
def known():
    """Two causes, told apart by one rule."""
    causes = tuple(one for one in all_causes() if one.id in (CAUSE, "healthy"))
    return differential.model(calibration.Calibration(), causes)


@pytest.mark.parametrize(
    ("seen_at", "whole", "since"),
    [
        (range(7), SEEN, verdicts.PREFIXES[0]),
        (range(3, 7), SEEN, verdicts.PREFIXES[3]),
        ((0, 1, 4, 5, 6), SEEN, verdicts.PREFIXES[4]),
        ((6,), SEEN, verdicts.PREFIXES[6]),
        ((), SEEN, 1.0),
        ((0, 1), SEEN, 1.0),
        (range(7), DENIED, float("inf")),
    ],
    ids=str,
)
def test_detection_is_where_the_true_cause_comes_first_and_stays(known, seen_at, whole, since):
    prefixes = {share: SEEN if k in seen_at else DENIED for k, share in enumerate(verdicts.PREFIXES)}
    assert scoring.detection(run(prefixes=prefixes, whole=whole), CAUSE, known) == since
