import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.data.advantage_leaks import advantage_leaks
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"gae_error": 0.0101, "gae_error_uncut": 0.01}, "fired"),
        ({"gae_error": 0.01, "gae_error_uncut": 0.0}, "clean"),
        ({"gae_error": 1.0, "gae_error_uncut": 0.0101}, "clean"),
        ({"gae_error": 1.0}, "skipped"),
    ],
)
def test_boundaries(signals: dict, expected: str) -> None:
    assert judge(advantage_leaks, synthetic("a", **signals)).status == expected
