"""AC-09: two "improvements" that are regressions, and one that is noise.

The report compares the start of the old run with the end of the new one, and 24 test queries of one seed each.
"""

from __future__ import annotations

import numpy as np
import pytest

from ppo_doctor.audit import change
from ppo_doctor.diagnose.differential import examine
from ppo_doctor.run import synthetic
from ppo_doctor.train import compare

OLD = synthetic("before", explained_variance=[-5.002, 0.201], v_loss=[2.419, 0.067], eval_mean_return=[0.814])
NEW = synthetic("after", explained_variance=[-1.97], v_loss=[0.264], eval_mean_return=[0.889])
"""First and last values of the old run, last ones of the new: all that is reported."""


@pytest.mark.parametrize(("signal", "quoted"), [("explained_variance", (-5.002, -1.97)), ("v_loss", (2.419, 0.264))])
def test_an_improvement_from_the_old_start_to_the_new_end_is_a_regression(signal: str, quoted: tuple) -> None:
    found = change.audit(signal, quoted, OLD, NEW)
    assert found.places == ("start of the first", "end of the second")
    assert not found.like_with_like
    assert found.change.verdict == "worse"


def test_the_same_claim_from_end_to_end_would_have_been_like_with_like() -> None:
    found = change.audit("v_loss", (0.067, 0.264), OLD, NEW)
    assert found.like_with_like
    assert found.change.after.observed / found.change.before.observed == pytest.approx(3.9, abs=0.1)


REPORTED = (0.814, 0.889)
BEFORE = [1.0] * 17 + [1 / 2] * 4 + [1 / 3, 1 / 5, 0.003]
AFTER = [1.0] * 19 + [1 / 2] * 4 + [1 / 3]
"""Reciprocal ranks of 24 queries with the reported means; which query got which rank was not reported."""


@pytest.mark.parametrize("order", range(5))
def test_a_gain_of_two_queries_in_24_is_inconclusive(order: int) -> None:
    """Whichever queries are the better ones: 95 % intervals, paired by query, hold zero."""
    assert np.mean(BEFORE) == pytest.approx(REPORTED[0], abs=2e-3)
    assert np.mean(AFTER) == pytest.approx(REPORTED[1], abs=2e-3)
    after = np.random.default_rng(order).permutation(AFTER)
    gain = compare.versus(after[None], np.array(BEFORE)[None]).difference
    assert gain.mean == pytest.approx(0.075, abs=5e-3)
    assert gain.low < 0.0 < gain.high


def test_the_same_gain_on_fifty_times_the_queries_would_have_been_one() -> None:
    """So that the interval is not merely too wide for anything."""
    after = np.random.default_rng(0).permutation(AFTER * 50)
    assert compare.versus(after[None], np.array(BEFORE * 50)[None]).difference.low > 0.0


def test_one_evaluation_is_no_curve() -> None:
    """Nothing that needs a course of returns gives a verdict on it: no proof of learning, so not healthy either."""
    report = examine(NEW)
    assert {"return-flat", "return-lost", "still-improving"} <= {one.rule.name for one in report.not_checked}
    probability = {suspect.cause.id: suspect.probability for suspect in report.causes}
    assert probability["healthy"] <= probability["unknown"]


def test_a_policy_below_a_baseline_without_learning_is_called_that() -> None:
    """A breadth-first prover that learns nothing scores 0.92 at six hops, chance 0.46."""
    reached = [0.5, 0.6, 0.65, 0.66, 0.67, 0.66, 0.67, 0.66, 0.67, 0.66, 0.67, 0.66]
    run = synthetic("a", eval_mean_return=reached, random_return=0.46, best_baseline_return=0.92)
    assert "below-baseline" in {found.rule for found in examine(run).findings}
