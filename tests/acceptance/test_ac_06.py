"""AC-06: at maximum entropy nobody is told to raise it. What is asked instead: does the action depend on the state, is
there anything to gain, and are the log-probabilities those of the temperature that acted?
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from ppo_doctor.diagnose.differential import examine
from ppo_doctor.diagnose.engine import Report
from ppo_doctor.run import Run, synthetic

N = 24
RNG = np.random.default_rng(0)
UNIFORM: dict[str, Any] = {
    "eval_mean_return": RNG.normal(-0.25, 0.05, N).tolist(),
    "eval_sampled_mean_return": RNG.normal(-0.25, 0.05, N).tolist(),
    "entropy": (math.log(4) - 1e-3 * RNG.random(N)).tolist(),
    "entropy_frac": (1 - 1e-3 * RNG.random(N)).tolist(),
    "action_share_sampled_max": [0.26] * N,
    "approx_kl_mean": (1e-3 * (1 + RNG.random(N))).tolist(),
    "random_return": -0.25,
    "random_return_std": 0.5,
    "n_actions": 4.0,
    "masked": 0.0,
    "ent_coef_start": 0.02,
}
"""Four replicas, entropy at log 4 all along, returns that stay where random play is."""


def fired(report: Report) -> set[str]:
    return {found.rule for found in report.findings}


def case(**more: Any) -> Run:
    return synthetic("replica balance", **UNIFORM, **more)


@pytest.mark.parametrize(
    "more", [{}, {"mutual_information": [1e-4] * N}, {"headroom": 3.0}, {"headroom": 0.05}, {"log_prob_error": 0.8}]
)
def test_more_entropy_is_never_advised_at_its_maximum(more: dict[str, Any]) -> None:
    report = examine(case(**more))
    assert "entropy-at-maximum" in fired(report)
    remedies = [remedy for found in report.findings for remedy in found.remedies]
    remedies += [remedy for suspect in report.causes[:3] for remedy in suspect.cause.remedies]
    for remedy in remedies:
        assert not remedy.change.get("ent_coef", "x0").startswith(("x2", "x5", "x10")), remedy
        assert "entropy_floor" not in remedy.change, remedy


def test_what_was_not_measured_is_listed_not_assumed() -> None:
    """The report had neither: it inferred them from equal shares and a low divergence."""
    missing = {one.rule.name for one in examine(case()).not_checked}
    assert {"policy-ignores-state", "no-headroom", "log-prob-mismatch", "first-ratio-error"} <= missing


@pytest.mark.parametrize(("information", "blind"), [(1e-4, True), (0.9, False)])
def test_equal_shares_are_judged_by_how_much_the_action_depends_on_the_state(information: float, blind: bool) -> None:
    assert ("policy-ignores-state" in fired(examine(case(mutual_information=[information] * N)))) == blind


@pytest.mark.parametrize(("headroom", "nothing"), [(0.05, True), (3.0, False)])
def test_headroom_is_measured_before_the_learner_is_blamed(headroom: float, nothing: bool) -> None:
    report = examine(case(headroom=headroom))
    assert ("no-headroom" in fired(report)) == nothing
    probability = {suspect.cause.id: suspect.probability for suspect in report.causes}
    assert (report.causes[0].cause.id == "no-headroom") == nothing, probability


@pytest.mark.parametrize("measured", [{"log_prob_error": 0.8}, {"first_ratio_error": [0.5] * N}])
def test_a_temperature_on_one_side_only_is_named(measured: dict[str, Any]) -> None:
    """Sampled at temperatures of 1.1 to 3.6, evaluated at one."""
    report = examine(case(headroom=3.0, **measured))
    (found,) = [one for one in report.findings if one.rule in ("log-prob-mismatch", "first-ratio-error")]
    assert found.severity == "critical"
    assert report.findings[0] is found
    assert "temperature" in found.remedies[0].do
