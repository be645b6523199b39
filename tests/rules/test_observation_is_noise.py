import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.env.observation_is_noise import observation_is_noise
from ppo_doctor.diagnose.rules.env.observation_noise_large import observation_noise_large
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("value", "expected"), [(1e6, "fired"), (1e3, "clean"), (float("nan"), "undecided")])
def test_boundaries(value: float, expected: str) -> None:
    assert judge(observation_is_noise, synthetic("a", obs_noise_ratio=value)).status == expected


def test_what_is_nothing_but_noise_is_not_called_too_much_noise() -> None:
    assert judge(observation_noise_large, synthetic("a", obs_noise_ratio=1e6)).status == "clean"
