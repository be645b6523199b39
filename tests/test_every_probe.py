"""Every probe obeys every law; every probe that a remedy names exists."""

from __future__ import annotations

import itertools
import sys
import types

import pytest

from ppo_doctor.diagnose.cause import all_causes
from ppo_doctor.diagnose.rule import all_rules
from ppo_doctor.signal_sources import MEASURED_BY
from ppo_doctor.testing import probes as suite
from ppo_doctor.train import probes
from ppo_doctor.train.probes import Found

COUNTER = itertools.count()


@pytest.mark.parametrize("name", probes.names())
@pytest.mark.parametrize("law", suite.LAWS, ids=lambda law: law.__name__)
def test_law(law: suite.Law, name: str) -> None:
    law(probes.load(name))


def _probe(doc: str, measure) -> types.ModuleType:
    made = types.ModuleType("made", doc)
    made.measure = measure  # pyright: ignore[reportAttributeAccessIssue]
    return made


@pytest.mark.parametrize(
    ("law", "probe"),
    [
        (suite.is_documented, _probe("Says nothing.", None)),
        (suite.measures_signals_of_the_vocabulary, _probe("", lambda lab: Found({}))),
        (suite.measures_signals_of_the_vocabulary, _probe("", lambda lab: Found({"headroom": float("nan")}))),
        (suite.measures_signals_of_the_vocabulary, _probe("", lambda lab: Found({"entropy": 0.0}))),
        (suite.repeats_itself, _probe("", lambda lab: Found({"headroom": float(next(COUNTER))}))),
    ],
)
def test_the_laws_can_be_broken(law: suite.Law, probe: types.ModuleType) -> None:
    with pytest.raises(AssertionError):
        law(probe)


def test_an_error_of_the_probe_itself_is_not_hidden() -> None:
    def measure(lab) -> Found:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        suite.fails_in_one_line(_probe("", measure))


def test_a_failing_environment_costs_one_probe_only() -> None:
    said = list(probes.run(suite.lab("Raises"), ["action_audit", "state_dynamics"]))
    assert [one.reason.split(":")[0] for one in said] == ["actions are choices, not numbers", "Raises"]


def test_every_test_that_a_remedy_names_is_a_probe_or_a_live_check() -> None:
    remedies = [one for rule in all_rules() for one in getattr(sys.modules[rule.check.__module__], "REMEDIES", ())]
    remedies += [one for cause in all_causes() for one in cause.remedies]
    named = {one.confirm for one in remedies} | {cause.confirm for cause in all_causes()}
    live = {source.removeprefix("live check ") for source in MEASURED_BY if source.startswith("live check ")}
    assert named - {None} <= {*probes.names()} | live


def test_every_source_of_a_probed_signal_is_a_probe_there_is() -> None:
    assert {source.removeprefix("probe ") for source in MEASURED_BY if source.startswith("probe ")} <= {*probes.names()}
