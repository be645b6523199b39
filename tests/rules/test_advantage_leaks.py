import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.data.advantage_leaks import advantage_leaks
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"gae_wrong_at_ends": 0.01}, "fired"),
        ({"gae_wrong_at_ends": 0.0}, "clean"),
        ({"gae_wrong_at_ends": 0.5, "gae_wrong_at_last": 1.0}, "clean"),
        ({"gae_wrong_at_ends": 0.5, "advantage_cleared_frac": 0.5}, "clean"),
        ({"gae_wrong_inside": 0.0}, "skipped"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(advantage_leaks, synthetic("a", **signals)).status == expected
