import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.env.observation_noise_large import observation_noise_large
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(("value", "expected"), [(1.0, "clean"), (1.1, "fired"), (float("inf"), "undecided")])
def test_boundaries(value: float, expected: str) -> None:
    assert judge(observation_noise_large, synthetic("a", obs_noise_ratio=value)).status == expected


def test_without_the_probe_it_is_skipped_and_says_so() -> None:
    outcome = judge(observation_noise_large, synthetic("a", v_loss=[1.0]))
    assert outcome.status == "skipped"
    assert "obs_noise_ratio" in outcome.reason
