from __future__ import annotations

import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.log.metric_impossible import WHOLE, metric_impossible
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("part", "whole"), WHOLE.items())
@pytest.mark.parametrize(("count", "status"), [(180.0, "clean"), (181.0, "clean"), (182.0, "fired")])
def test_a_part_is_at_most_its_whole(part: str, whole: str, count: float, status: str) -> None:
    recorded = synthetic("a", eval_metric={part: [0.0, count], whole: [181.0] * 2})
    hoped = synthetic("a", eval_metric={part: [0.0] * 2, whole: [181.0] * 2}, expected_metric={part: [0.0, count]})
    assert judge(metric_impossible, recorded).status == judge(metric_impossible, hoped).status == status


def test_the_evidence_names_the_part_and_the_whole() -> None:
    run = synthetic("a", eval_metric={"positives": [181.0]}, expected_metric={"true_positives": [500.0, 1000.0]})
    (found,) = judge(metric_impossible, run).findings
    part, whole = found.evidence
    assert (part.signal, part.observed, part.n) == ("expected_metric/true_positives", 1000.0, 2)
    assert (whole.signal, whole.observed) == ("eval_metric/positives", 181.0)


@pytest.mark.parametrize("value", [1.0, 1.0000001])
def test_a_share_may_be_one_to_float_error(value: float) -> None:
    assert judge(metric_impossible, synthetic("a", eval_metric={"accuracy": [0.5, value]})).status == "clean"


def test_metrics_without_a_known_bound_are_not_judged() -> None:
    run = synthetic("a", eval_metric={"cost": [5.0], "true_positives": [5.0]}, expected_metric={"cost": [9.0]})
    assert judge(metric_impossible, run).status == "undecided"
