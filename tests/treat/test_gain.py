"""What a trial gained: paired over seeds, in units that no environment's scale matters to."""

import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ppo_doctor.treat.gain import gain


def test_the_gain_is_the_lower_end_of_the_paired_interval():
    """By hand: gains 10, 12, 14; mean 12, standard deviation 2, t(.95, 2) = 2.9200; unit 60 - 20."""
    low = (12 - 2.91999 * 2 / math.sqrt(3)) / 40
    assert gain([58.0, 60.0, 62.0], [48.0, 48.0, 48.0], 20.0) == pytest.approx(low, abs=1e-4)


def test_a_difference_that_all_seeds_share_counts_though_seeds_differ_more():
    assert gain([11.0, 51.0, 91.0], [1.0, 41.0, 81.0], 0.0) == pytest.approx(10 / 51)
    assert gain([81.0, 11.0, 51.0], [1.0, 41.0, 81.0], 0.0) < 0


def test_the_unit_is_the_larger_distance_from_random_play():
    assert gain([-50.0, -50.0], [-100.0, -100.0], 0.0) == pytest.approx(0.5)
    assert gain([1.0, 1.0], [-100.0, -100.0], 0.0) == pytest.approx(1.01)


def test_the_same_result_gains_nothing():
    assert gain([3.0, 4.0], [3.0, 4.0], 1.0) == 0.0
    assert gain([1.0, 1.0], [1.0, 1.0], 1.0) == 0.0


@pytest.mark.parametrize(
    "broken", [([1.0], [0.0], 0.0), ([1.0, math.nan], [0.0, 0.0], 0.0), ([1, 1], [0, 0], math.inf)]
)
def test_what_proves_nothing_has_no_gain(broken):
    assert math.isnan(gain(*broken))


returns = st.lists(st.tuples(*[st.floats(-1e3, 1e3)] * 2), min_size=2, max_size=6)


@settings(deadline=None)  # processors are shared
@given(returns, st.floats(-1e3, 1e3), st.floats(0.01, 100), st.floats(-1e3, 1e3))
def test_scale_and_origin_of_rewards_do_not_matter(pairs, random, scale, shift):
    x, y = zip(*pairs, strict=True)
    unit = max(abs(sum(x) / len(x) - random), abs(sum(y) / len(y) - random))
    assume(unit > 1e-2)
    moved = gain([scale * v + shift for v in x], [scale * v + shift for v in y], scale * random + shift)
    assert moved == pytest.approx(gain(x, y, random), rel=1e-4, abs=1e-4)
