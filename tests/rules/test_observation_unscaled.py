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
