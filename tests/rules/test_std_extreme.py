import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.policy.std_extreme import std_extreme
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"network_log_std": -3.0}, "fired"),
        ({"network_log_std": -2.9}, "clean"),
        ({"network_log_std": 0.69}, "clean"),
        ({"network_log_std": 0.7}, "fired"),
        ({"network_log_std": float("nan")}, "undecided"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(std_extreme, synthetic("a", **signals)).status == expected
