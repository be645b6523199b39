"""The classifier of bare logs sees every column of a log, whatever is missing from it."""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.faults import bound, harm, scoring, verdicts

from ppo_doctor.run import synthetic


def trace(**signals):
    return bound.Trace("a", 0, "healthy", False, bound.features(synthetic("a", **signals)))


def test_runs_with_different_columns_have_one_finite_matrix():
    some = [
        trace(mean_ep_return=[float(k) for k in range(20)], approx_kl_last=[0.01] * 20),
        trace(v_loss=[2.0, 1.0] * 10, explained_variance=[float("nan")] * 10 + [0.5] * 10),
    ]
    x = bound.matrix(some)
    assert x.shape[0] == 2
    assert np.isfinite(x).all()
    assert (x[0] != x[1]).any()


def test_a_feature_does_not_depend_on_the_unit_of_the_return_but_for_its_level():
    paid = [1.0, 3.0, 2.0, 4.0, 6.0, 5.0, 8.0, 9.0] * 2
    small, large = (trace(mean_ep_return=[factor * x for x in paid]).features for factor in (1.0, 1000.0))
    relative = [name for name in small if "change" in name or "risen" in name or "scatter" in name]
    assert len(relative) == 17
    assert np.allclose([small[n] for n in relative], [large[n] for n in relative])


def test_the_classifier_finds_a_column_that_tells_and_counts_faulty_runs_only():
    rng = np.random.default_rng(0)
    some = [
        bound.Trace("a", k, cause, cause != "healthy", {"tells": place + rng.normal(0.0, 0.1), "noise": rng.normal()})
        for place, cause in enumerate(("healthy", "reward-sparse", "gae-leak"))
        for k in range(8)
    ]
    x, seed = bound.matrix(some), np.array([one.seed for one in some])
    assert bound.places(some, x, np.flatnonzero(seed > 1), np.flatnonzero(seed < 2)) == [1, 1, 1, 1]


def test_the_doctor_is_asked_of_each_environment_by_the_counts_of_the_others():
    """Nothing expects a spike of the KL of stale observations; the other environment has seen it."""
    said = {"kl-spike": "fired"}
    bare = ("f", 1.0, "observation-stale", "fault", 0, True, harm.Harm(True, False, 0.9), {}, {}, {}, said)
    some = [scoring.Trial(verdicts.Judged(world, "train", *bare), bare[2]) for world in "ab" for _ in range(20)]
    alone, counted = bound._doctor(some).values()
    assert len(alone) == len(counted) == 40
    assert max(counted) < min(alone)
