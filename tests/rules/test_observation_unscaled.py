import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.env.observation_unscaled import observation_unscaled
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("spread", "normalised", "expected"),
    [(100.0, 0, "clean"), (101.0, 0, "fired"), (1e9, 1, "clean"), (float("nan"), 0, "undecided")],
)
def test_boundaries(spread: float, normalised: int, expected: str) -> None:
    run = synthetic("a", obs_scale_spread=spread, normalize_obs=normalised)
    assert judge(observation_unscaled, run).status == expected


@pytest.mark.parametrize(("noise", "expected"), [(0.0, "fired"), (0.001, "undecided")])
def test_a_feature_that_is_only_noise_is_no_small_feature(noise: float, expected: str) -> None:
    run = synthetic("a", obs_scale_spread=400.0, obs_noise_std=noise)
    assert judge(observation_unscaled, run).status == expected
