"""What an environment is by nature, and how mild a fault is: circumstances that move many rules at once."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from ppo_doctor.diagnose import differential
from ppo_doctor.diagnose.calibration import Calibration
from ppo_doctor.diagnose.differential import model, posterior
from ppo_doctor.diagnose.nature import NATURES, SPARSE
from ppo_doctor.diagnose.rule import all_rules

KNOWN = model(Calibration())
IDS = [one.id for one in KNOWN.causes]
LOOK = dict.fromkeys(("reward-sparse", "reward-needs-skill", "static-outcomes", "returns-hardly-vary"), "fired")


def probability(cause: str, statuses: dict[str, str], known: differential.Model = KNOWN) -> float:
    return float(posterior(statuses, known)[IDS.index(cause)])


@pytest.mark.parametrize("nature", NATURES, ids=lambda one: one.id)
def test_a_nature_speaks_of_rules_that_exist(nature):
    assert set(nature.fires) <= {rule.name for rule in all_rules()}
    assert all(0.0 < chance < 1.0 for chance in (nature.share, *nature.fires.values()))


def test_facts_of_one_look_do_not_outvote_a_proof():
    statuses = {**LOOK, "policy-gradient-reversed": "fired", "return-flat": "fired"}
    assert probability("loss-sign-wrong", statuses) > probability("reward-sparse", statuses)


def test_with_natures_such_facts_speak_less_for_the_cause_they_look_like():
    bare = dataclasses.replace(KNOWN, natures=())
    assert probability("reward-sparse", LOOK, bare) > probability("reward-sparse", LOOK)


def test_circumstances_have_shares_that_add_to_one():
    _, log_share, evidence = differential._by_circumstance(LOOK, KNOWN)
    assert np.exp(log_share).sum(axis=0) == pytest.approx(1.0)
    assert evidence.shape == (2 * (1 + len(NATURES)), len(IDS), len(LOOK))


def test_no_trait_comes_first_and_a_trait_only_adds_alarms():
    rules, _, evidence = differential._by_circumstance(LOOK, KNOWN)
    plain, sparse = evidence[0], evidence[1]
    assert set(rules) <= set(SPARSE.fires)
    assert (sparse >= plain).all()


def test_a_mild_fault_keeps_what_is_there_and_loses_what_comes_of_it():
    rules, _, evidence = differential._by_circumstance({"action-ignored": "fired", "kl-spike": "fired"}, KNOWN)
    fact, symptom = rules.index("action-ignored"), rules.index("kl-spike")
    guilty, mild = IDS.index("learning-rate-too-high"), 1 + len(NATURES)
    assert evidence[mild, guilty, fact] == evidence[0, guilty, fact]
    assert evidence[mild, guilty, symptom] == evidence[0, IDS.index("healthy"), symptom]
    assert evidence[mild, guilty, symptom] < evidence[0, guilty, symptom]


def test_a_proof_that_stays_clean_all_but_refutes_a_cause_that_always_makes_it_fire():
    assert (
        KNOWN.fires[IDS.index("critic-detached"), KNOWN.rules.index("gradient-missing")] >= 1 - 2 * differential.MISSED
    )
