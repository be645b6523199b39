import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.config.adam_epsilon_large import adam_epsilon_large
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"adam_eps": 0.011, "approx_kl_mean": [9e-5] * 8}, "fired"),
        ({"adam_eps": 0.01, "approx_kl_mean": [9e-5] * 8}, "clean"),
        ({"adam_eps": 1.0, "approx_kl_mean": [1e-4] * 8}, "clean"),
        ({"adam_eps": 1.0, "approx_kl_mean": [9e-5] * 7}, "undecided"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(adam_epsilon_large, synthetic("a", **signals)).status == expected
