"""AC-05: more detections are expected than there are attacks, and the reported metrics rest on 48 steps of 2,048."""

from __future__ import annotations

import numpy as np
import pytest

from ppo_doctor.diagnose.differential import examine
from ppo_doctor.diagnose.finding import Finding
from ppo_doctor.run import synthetic

BENIGN, ATTACKS, ROLLOUT, EPISODE = 1419, 181, 2048, 1000


def the_case(expected: list[float], **measured: float) -> dict[str, Finding]:
    """The report's evaluations: everything is allowed, nothing is found; and its timetable of detections."""
    rng = np.random.default_rng(0)
    run = synthetic(
        "threat triage",
        mean_ep_return=rng.normal(-1640, 90, 12).tolist(),
        eval_metric={
            "true_positives": [0.0] * 12,
            "false_positives": [0.0] * 12,
            "positives": [float(ATTACKS)] * 12,
            "negatives": [float(BENIGN)] * 12,
        },
        expected_metric={"true_positives": expected},
        **measured,
    )
    return {found.rule: found for found in examine(run).findings}


def test_an_expectation_above_the_number_of_attacks_is_impossible() -> None:
    found = the_case([0.0, 50.0, 200.0, 500.0, 1000.0])["metric-impossible"]
    assert {one.signal: one.observed for one in found.evidence} == {
        "expected_metric/true_positives": 1000.0,
        "eval_metric/positives": 181.0,
    }


def test_an_expectation_that_can_be_met_is_not_criticised() -> None:
    assert "metric-impossible" not in the_case([0.0, 50.0, 120.0, 181.0])


@pytest.mark.parametrize(("covered", "short"), [(ROLLOUT % EPISODE, True), (ROLLOUT, False)])
def test_a_metric_of_the_last_48_steps_is_called_that(covered: int, short: bool) -> None:
    """Accumulators that are reset at each end keep what came after the second thousandth step."""
    found = the_case([0.0], metric_window_share=covered / ROLLOUT)
    assert ("metric-window-short" in found) == short
    if short:
        assert covered == 48
        assert found["metric-window-short"].evidence[0].observed == pytest.approx(48 / 2048)
