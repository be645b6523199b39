import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.optim.policy_gradient_turned import policy_gradient_turned
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("value", "expected"), [(0.5, "clean"), (0.49, "fired"), (-1.0, "fired"), (float("nan"), "undecided")]
)
def test_boundaries(value: float, expected: str) -> None:
    assert judge(policy_gradient_turned, synthetic("a", policy_gradient_cosine=value)).status == expected
