"""Statistics that rules share, against cases worked out by hand and against chance."""

from __future__ import annotations

import numpy as np
import pytest

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
