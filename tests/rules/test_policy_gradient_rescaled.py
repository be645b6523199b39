import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.optim.policy_gradient_rescaled import policy_gradient_rescaled
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.334, "clean"), (0.333, "fired"), (3.0, "clean"), (3.01, "fired"), (float("nan"), "undecided")],
)
def test_boundaries(value: float, expected: str) -> None:
    assert judge(policy_gradient_rescaled, synthetic("a", policy_gradient_scale=value)).status == expected
