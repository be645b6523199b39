"""Statistics that rules share, against cases worked out by hand and against chance."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from ppo_doctor.diagnose import series as statistics
from ppo_doctor.diagnose.rule import Undecided
from ppo_doctor.run import Series


def returns(values: object) -> Series:
    values = np.asarray(values, dtype=float)
    return Series("eval_mean_return", np.arange(len(values)) * 10, values)


@pytest.mark.parametrize(("n", "kept"), [(1, 1), (3, 3), (8, 3), (12, 3), (13, 4), (100, 25)])
def test_the_tail_is_a_quarter_and_three_points_at_least(n: int, kept: int) -> None:
    assert len(statistics.tail(returns(range(n)))) == kept


def test_aligned_keeps_common_steps_of_all() -> None:
    a, b, c = (Series("v_loss", steps, [float(step) for step in steps]) for steps in ([1, 2, 3], [2, 3, 4], [0, 2, 9]))
    assert [one.step.tolist() for one in statistics.aligned(a, b, c)] == [[2], [2], [2]]


def test_spread_is_the_standard_deviation_of_a_gaussian_and_ignores_an_outlier() -> None:
    values = np.random.default_rng(0).normal(5.0, 2.0, 4000)
    assert statistics.spread(returns(values)) == pytest.approx(2.0, rel=0.05)
    assert statistics.spread(returns([1.0, 2.0, 3.0, 1e9])) < 3


def test_rising_is_rarely_seen_in_noise_and_nearly_always_in_a_trend() -> None:
    rng = np.random.default_rng(1)
    noise = sum(statistics.rises(returns(rng.normal(size=30))) for _ in range(400))
    trend = sum(statistics.rises(returns(rng.normal(size=30) + 0.15 * np.arange(30))) for _ in range(100))
    assert noise <= 10
    assert trend >= 95
    assert not statistics.rises(returns(np.ones(30)))
    assert not statistics.rises(returns([1.0, 2.0, 3.0]))


def test_noise_is_rarely_called_learning() -> None:
    rng = np.random.default_rng(2)
    learnt = sum(statistics.progress(returns(rng.normal(size=40))).learnt for _ in range(400))
    assert learnt <= 16


@pytest.mark.parametrize("shift", [0.0, -1e4])
def test_progress_is_relative_to_the_references(shift: float) -> None:
    flat = returns(np.full(12, 60.0) + shift)
    come = statistics.progress(flat, random=20.0 + shift, best=100.0 + shift)
    assert come.headroom == pytest.approx(0.5)
    assert come.learnt
    assert not come.at_par
    assert statistics.progress(returns(np.full(12, 92.0) + shift), 20.0 + shift, 100.0 + shift).at_par


@pytest.mark.parametrize(("random", "best"), [(None, None), (20.0, None), (None, 100.0), (20.0, 20.0), (20.0, 10.0)])
def test_headroom_is_unknown_without_two_references_in_order(random: float | None, best: float | None) -> None:
    assert statistics.progress(returns(np.full(12, 60.0)), random, best).headroom is None


@pytest.mark.parametrize(
    ("random", "best", "std", "gain"),
    [(20.0, 120.0, 30.0, 5.0), (20.0, None, 30.0, 15.0), (20.0, 20.0, 30.0, 15.0), (None, 120.0, None, 0.0)],
)
def test_a_gain_that_matters(random: float | None, best: float | None, std: float | None, gain: float) -> None:
    assert statistics.material(random, best, std) == pytest.approx(gain)


def test_a_sure_gain_that_does_not_matter_is_not_learning() -> None:
    creeping = returns(20.0 + 0.01 * np.arange(40))
    assert statistics.progress(creeping, 20.0).learnt
    assert statistics.progress(creeping, 20.0).rising
    for references in ({"best": 100.0}, {"std": 10.0}):
        assert not statistics.progress(creeping, 20.0, **references).learnt
        assert not statistics.progress(creeping, 20.0, **references).rising


def test_what_was_gained_and_lost_again() -> None:
    come = statistics.progress(returns([0.0, 40.0, 80.0, 80.0, 80.0] + [20.0] * 10))
    assert come.lost == pytest.approx(0.75)
    assert come.rose
    assert not come.learnt
    assert statistics.progress(returns([0.0, 40.0] + [80.0] * 10)).lost == 0.0


def test_too_few_points_are_undecided() -> None:
    with pytest.raises(Undecided, match="needs 6 points with eval_mean_return, has 5"):
        statistics.progress(returns(range(5)))


VALUES = st.lists(st.integers(-5, 5), min_size=4, max_size=60)


@given(VALUES)
def test_mann_kendall_is_kendalls_tau_of_the_reference_library(values: list[int]) -> None:
    x = np.array(values, float)
    s, p = statistics.kendall(x)
    assert s == sum(np.sign(x[j] - x[i]) for i in range(len(x)) for j in range(i + 1, len(x)))
    if np.ptp(x) > 0 and (ties := len(np.unique(x)) < len(x)):
        assert ties
        expected = scipy.stats.kendalltau(np.arange(len(x)), x, method="asymptotic", alternative="greater").pvalue
        assert p == pytest.approx(expected, abs=1e-9)


@given(st.permutations(range(7)), st.integers(8, 33))
def test_mann_kendall_is_exact_for_short_series_without_ties(order: list[int], n: int) -> None:
    longer = [*order, *range(7, n)]
    for values in (order, longer):
        x = np.array(values, float)
        expected = scipy.stats.kendalltau(np.arange(len(x)), x, method="exact", alternative="greater").pvalue
        assert statistics.kendall(x)[1] == pytest.approx(expected, rel=1e-6, abs=1e-15)


def test_falling_is_rising_of_the_negative() -> None:
    rng = np.random.default_rng(3)
    for _ in range(50):
        values = rng.normal(size=20) - 0.1 * np.arange(20)
        assert statistics.falls(returns(values)) == statistics.rises(returns(-values))
    assert not statistics.falls(returns(np.ones(20)))


@given(VALUES)
def test_the_climb_is_theil_sens_slope_times_the_steps(values: list[int]) -> None:
    series = returns(values)
    expected = scipy.stats.theilslopes(series.value, series.step).slope * (series.step[-1] - series.step[0])
    assert statistics.climb(series) == pytest.approx(expected, abs=1e-9)


def test_the_climb_ignores_outliers_and_needs_two_steps() -> None:
    values = np.arange(20.0)
    values[[3, 11]] = 1e6
    assert statistics.climb(returns(values)) == pytest.approx(19.0)
    assert statistics.climb(Series("v_loss", [5, 5, 5], [1.0, 2.0, 3.0])) == 0.0


@given(VALUES)
def test_the_break_is_where_the_cumulative_sum_is_farthest_from_zero(values: list[int]) -> None:
    found = statistics.broken(returns(values))
    n, mean = len(values), float(np.mean(values))
    if n < 6 or len(set(values)) == 1:
        assert found is None
        return
    sums = {k: abs(sum(value - mean for value in values[:k])) for k in range(3, n - 2)}
    assert found is not None
    assert sums[found.index] == pytest.approx(max(sums.values()))
    assert found.before == np.median(values[: found.index])
    assert found.after == np.median(values[found.index :])


def test_the_break_of_a_step_is_found_and_measured_against_noise() -> None:
    rng = np.random.default_rng(4)
    step = np.concatenate([rng.normal(0, 1, 40), rng.normal(10, 1, 20)])
    found = statistics.broken(returns(step))
    assert found is not None
    assert found.index == 40
    assert found.size == pytest.approx(10, rel=0.4)
    noise = [statistics.broken(returns(rng.normal(size=40))) for _ in range(200)]
    assert sum(one is not None and one.size > 4 for one in noise) <= 2


def test_long_series_are_thinned_and_tested_quickly() -> None:
    rng = np.random.default_rng(5)
    long = returns(rng.normal(size=200_000) + np.linspace(0, 1, 200_000))
    thin = statistics.thinned(long)
    assert len(thin) == 500
    assert thin.last_step == long.last_step
    assert statistics.rises(long)
    assert statistics.climb(long) == pytest.approx(1.0, rel=0.1)


def test_the_ceiling_of_entropy() -> None:
    def entropy(*values: float) -> Series:
        return Series("entropy", np.arange(len(values)), np.array(values))

    assert statistics.entropy_ceiling(Series("entropy_frac", [1], [0.2]))[0] == 1.0
    assert statistics.entropy_ceiling(entropy(1.3, 1.2), n_actions=4, masked=0)[0] == pytest.approx(np.log(4))
    assert statistics.entropy_ceiling(entropy(0.9, 1.1, 1.0, 5.0))[0] == pytest.approx(1.1)
    assert statistics.entropy_ceiling(entropy(0.9, 1.1), n_actions=128, masked=1)[0] == pytest.approx(1.1)
    with pytest.raises(Undecided, match="Gaussian"):
        statistics.entropy_ceiling(entropy(-1.0, 2.0))
    with pytest.raises(Undecided, match="Gaussian"):
        statistics.entropy_ceiling(entropy(1.0), log_std=Series("log_std_mean", [1], [0.0]))
    with pytest.raises(Undecided, match="zero"):
        statistics.entropy_ceiling(entropy(0.0, 0.0, 0.0))


def test_a_symptom_of_a_run_that_learns_is_harmless_and_unknown_without_returns() -> None:
    assert statistics.stalled("x", returns([0.0, 40.0, 80.0] + [100.0] * 9)) is None
    stuck = statistics.stalled("x", returns([10.0, 11.0, 9.0, 10.0] * 3))
    assert stuck is not None
    assert stuck.stuck
    with pytest.raises(Undecided, match="KL is tiny, but no return was recorded"):
        statistics.stalled("KL is tiny", None)


def test_series_are_aligned_at_the_steps_they_share():
    a = Series("a", np.array([1, 2, 3, 5]), np.array([1.0, 2.0, 3.0, 5.0]))
    b = Series("b", np.array([2, 3, 4, 5]), np.array([20.0, 30.0, 40.0, 50.0]))
    first, second = statistics.aligned(a, b)
    assert first.value.tolist() == [2, 3, 5]
    assert second.value.tolist() == [20, 30, 50]
    assert [len(x) for x in statistics.aligned(a, Series("c", np.array([7]), np.array([1.0])))] == [0, 0]


def test_where_a_restart_repeats_steps_of_one_series_the_last_point_counts():
    a = Series("a", np.array([1, 2, 2, 3]), np.array([1.0, 2.0, 2.5, 3.0]))
    b = Series("b", np.array([1, 2, 3, 3]), np.array([10.0, 20.0, 30.0, 35.0]))
    first, second = statistics.aligned(a, b)
    assert first.step.tolist() == second.step.tolist() == [1, 2, 3]
    assert first.value.tolist() == [1, 2.5, 3]
    assert second.value.tolist() == [10, 20, 35]
    both = statistics.aligned(a, a)
    assert [len(x) for x in both] == [4, 4]
