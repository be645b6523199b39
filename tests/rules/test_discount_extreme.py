import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.config.discount_extreme import discount_extreme
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("gamma", "expected"), [(0.99, "clean"), (0.8, "clean"), (0.79, "fired"), (0.01, "fired"), (0.0, "clean")]
)
def test_the_boundary_is_below_what_anybody_sets_but_for_zero(gamma: float, expected: str) -> None:
    assert judge(discount_extreme, synthetic("a", gamma=gamma)).status == expected
