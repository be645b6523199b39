import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.optim.policy_gradient_reversed import policy_gradient_reversed
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("value", "expected"), [(-0.99, "clean"), (-0.991, "fired"), (-1.0, "fired"), (float("nan"), "undecided")]
)
def test_boundaries(value: float, expected: str) -> None:
    assert judge(policy_gradient_reversed, synthetic("a", policy_gradient_cosine=value)).status == expected
