"""Every probe obeys every law; every probe that a remedy names exists."""

from __future__ import annotations

import itertools
import types

import pytest

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
