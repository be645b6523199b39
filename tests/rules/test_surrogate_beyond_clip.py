import numpy as np
import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.policy.surrogate_beyond_clip import surrogate_beyond_clip
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("gain", "expected"), [(0.2, "clean"), (0.21, "fired")])
def test_the_clip_range_bounds_the_gain(gain: float, expected: str) -> None:
    run = synthetic("a", pg_loss=[-gain] * 8, clip_coef_value=[0.2] * 8)
    assert judge(surrogate_beyond_clip, run).status == expected


def test_half_of_the_updates_may_be_beyond() -> None:
    run = synthetic("a", pg_loss=[-5.0] * 8 + [0.0] * 8, clip_coef_value=[0.2] * 16)
    assert judge(surrogate_beyond_clip, run).status == "clean"


def test_a_range_that_clips_nothing_bounds_nothing() -> None:
    run = synthetic("a", pg_loss=[-5.0] * 8, clip_coef_value=[100.0] * 8)
    assert judge(surrogate_beyond_clip, run).status == "undecided"


def test_the_bound_holds_for_standardised_advantages() -> None:
    rng = np.random.default_rng(0)
    for _ in range(200):
        a = rng.standard_cauchy(256)
        a, ratio = (a - a.mean()) / a.std(), np.exp(rng.normal(0.0, 2.0, 256))
        assert np.minimum(ratio * a, np.clip(ratio, 0.8, 1.2) * a).mean() <= 0.2 + 1e-12
