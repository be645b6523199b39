import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.env.privacy_noise_missing import privacy_noise_missing
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"obs_noise_std": 0.049, "obs_noise_declared": 0.5}, "fired"),
        ({"obs_noise_std": 0.05, "obs_noise_declared": 0.5}, "clean"),
        ({"obs_noise_std": 0.0}, "skipped"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(privacy_noise_missing, synthetic("a", **signals)).status == expected
