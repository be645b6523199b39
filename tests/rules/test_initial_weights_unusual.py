import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.config.initial_weights_unusual import initial_weights_unusual
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("scale", "expected"), [(1.0, "clean"), (0.1, "clean"), (3.0, "clean"), (0.09, "fired"), (3.1, "fired")]
)
def test_boundaries(scale: float, expected: str) -> None:
    assert judge(initial_weights_unusual, synthetic("a", network_init_scale=scale)).status == expected
