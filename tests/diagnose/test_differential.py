"""Causes are ranked honestly: the evidence decides, and what was not seen is not healthy."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from ppo_doctor import signals
from ppo_doctor.diagnose import differential, kinds
from ppo_doctor.diagnose.calibration import Calibration
from ppo_doctor.diagnose.cause import all_causes
from ppo_doctor.diagnose.differential import BENIGN, examine, model, posterior, rank
from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rule import all_rules
from ppo_doctor.run import Run, synthetic

DEAD = [22.0, 21.5, 22.3, 21.0, 22.1, 21.7, 21.9, 22.2]
NONE = Calibration()


def chances(run: Run) -> dict[str, float]:
    return {one.cause.id: one.probability for one in examine(run, calibration=NONE).causes}


def test_probabilities_add_to_one_and_the_benign_causes_are_always_there() -> None:
    for run in (Run("empty", {}), synthetic("dead", mean_ep_return=DEAD), synthetic("kl", approx_kl_max=[9.0] * 9)):
        found = chances(run)
        assert sum(found.values()) == pytest.approx(1.0)
        assert set(BENIGN) <= set(found)
        assert list(found.values()) == sorted(found.values(), reverse=True)


def test_a_run_of_which_nothing_is_known_is_not_healthy() -> None:
    found = chances(Run("empty", {}))
    assert found["healthy"] <= found["unknown"]


def test_undecided_and_skipped_rules_are_no_evidence() -> None:
    silent = dict.fromkeys(("action-ignored", "return-flat", "kl-spike"), "undecided")
    assert rank(silent, NONE) == pytest.approx(rank({}, NONE))


def test_a_verdict_moves_the_cause_that_predicts_it() -> None:
    before, after = rank({}, NONE), rank({"action-ignored": "fired"}, NONE)
    assert after["action-ignored"] > 3 * before["action-ignored"]
    assert after["healthy"] < before["healthy"]
    denied = rank({"action-ignored": "clean"}, NONE)
    assert denied["action-ignored"] < before["action-ignored"]


def test_rules_that_say_the_same_of_one_signal_share_their_weight() -> None:
    """k of them count k^-1/2 each; opposite verdicts, and rules that read the whole run, are witnesses of their own."""
    leads = kinds.leading_signals()
    alike = [rule for rule, lead in leads.items() if lead == "explained_variance"][:2]
    whole = [rule for rule, lead in leads.items() if lead == "run"][:2]
    assert len(alike) == len(whole) == 2
    assert differential.weights(dict.fromkeys(alike, "clean")) == pytest.approx(dict.fromkeys(alike, 0.5**0.5))
    assert differential.weights({alike[0]: "fired", alike[1]: "clean"}) == dict.fromkeys(alike, 1.0)
    assert differential.weights(dict.fromkeys(whole, "fired")) == dict.fromkeys(whole, 1.0)


def test_a_temperature_damps_symptoms_and_spares_direct_rules() -> None:
    cold = model(NONE)
    hot = dataclasses.replace(cold, temperature=10.0 * cold.temperature)
    spread = {
        rule: [np.ptp(differential.likelihoods({rule: "fired"}, known)[1]) for known in (cold, hot)]
        for rule in ("action-ignored", "kl-spike")
    }
    assert spread["action-ignored"][1] == pytest.approx(spread["action-ignored"][0])
    assert spread["kl-spike"][1] < spread["kl-spike"][0] / 5


def test_healthy_needs_proof_of_learning() -> None:
    proof = rank({"return-flat": "clean", "kl-spike": "clean"}, NONE)
    assert proof["healthy"] > proof["unknown"]
    for spoiler in ("return-lost", "worse-than-first", "evaluation-does-not-follow"):
        found = rank({"return-flat": "clean", spoiler: "fired"}, NONE)
        assert found["healthy"] <= found["unknown"]


def test_a_training_return_alone_makes_a_run_half_healthy_at_most() -> None:
    sure = tuple(cause for cause in all_causes() if cause.id in ("healthy", "unknown", "action-ignored"))
    few = model(NONE, sure)
    found = {
        extra: dict(
            zip((one.id for one in sure), posterior({"return-flat": "clean", extra: "clean"}, few), strict=True)
        )
        for extra in ("kl-spike", "not-above-random")
    }
    assert found["kl-spike"]["healthy"] == 0.5
    assert found["not-above-random"]["healthy"] > 0.5
    assert sum(found["kl-spike"].values()) == pytest.approx(1.0)


def test_evidence_names_rule_and_side() -> None:
    suspect = next(
        one
        for one in examine(synthetic("a", action_influence_state=0.0, action_influence_return=0.0)).causes
        if one.cause.id == "action-ignored"
    )
    assert "action-ignored" in [clue.outcome.rule.name for clue in suspect.evidence_for]
    assert all(clue.ratio > 1.0 for clue in suspect.evidence_for)
    assert all(0.0 < clue.ratio < 1.0 for clue in suspect.evidence_against)
    assert all(math.isfinite(clue.ratio) for clue in (*suspect.evidence_for, *suspect.evidence_against))


def test_every_confirmation_that_is_advised_exists() -> None:
    remedies = [one for cause in all_causes() for one in cause.remedies]
    remedies += [
        r
        for rule in all_rules()
        for run in rule.examples("FIRES")
        for f in judge(rule, run).findings
        for r in f.remedies
    ]
    named = {one.confirm for one in remedies} | {cause.confirm for cause in all_causes()}
    assert named - {None} <= set(signals.checks())


def test_every_probe_is_a_file_and_every_file_is_known(request: pytest.FixtureRequest) -> None:
    folder = request.config.rootpath / "src/ppo_doctor/train/probes"
    probes = {name for name, kind in signals.checks().items() if kind == "probe"}
    assert probes == {file.stem for file in folder.glob("*.py")} - {"__init__"}


def test_what_training_return_hides_is_not_acquitted_by_it() -> None:
    known = model(Calibration())
    sign = [cause.id for cause in known.causes].index("reward-sign-wrong")
    rising = {"worse-than-first": "clean", "return-flat": "clean"}
    bare = posterior(rising, known)[sign]
    seen = posterior(rising | {"not-above-random": "clean"}, known)[sign]
    prior = known.prior[sign]
    assert bare > prior > 2.0 * seen


def test_what_nobody_sets_is_hardly_ever_there_without_being_the_cause() -> None:
    assert {"target-kl-tight", "value-clip-extreme"} <= kinds.settings()
    assert not {"one-minibatch", "learning-rate-extreme", "action-ignored"} & kinds.settings()
    known = model(Calibration())
    other = [one.id for one in known.causes].index("observation-stale")
    assert known.fires[other, known.rules.index("target-kl-tight")] < 2 * differential.ODD
    assert known.fires[other, known.rules.index("learning-rate-extreme")] > 5 * differential.ODD
