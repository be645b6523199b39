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


@pytest.mark.parametrize(
    ("cosine", "scale", "expected"),
    [(0.5, 5.0, "fired"), (0.49, 5.0, "clean"), (0.49, 10.0, "clean"), (0.49, 10.1, "fired"), (0.49, 0.01, "clean")],
)
def test_where_the_direction_is_wrong_only_a_vast_size_is_its_own_finding(cosine, scale, expected) -> None:
    run = synthetic("a", policy_gradient_scale=scale, policy_gradient_cosine=cosine)
    assert judge(policy_gradient_rescaled, run).status == expected
