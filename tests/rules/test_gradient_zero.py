import pytest

from ppo_doctor.diagnose.engine import judge
from ppo_doctor.diagnose.rules.optim.gradient_zero import gradient_zero
from ppo_doctor.run import synthetic


@pytest.mark.parametrize(
    ("norm", "zeros", "expected"), [(1e-10, 5, "fired"), (1.1e-10, 5, "clean"), (0.0, 4, "clean"), (0.0, 10, "fired")]
)
def test_boundaries(norm: float, zeros: int, expected: str) -> None:
    run = synthetic("a", grad_norm_policy=[norm] * zeros + [0.1] * (10 - zeros))
    assert judge(gradient_zero, run).status == expected


def test_too_short_is_undecided() -> None:
    assert judge(gradient_zero, synthetic("a", grad_norm_policy=[0.0] * 4)).status == "undecided"


@pytest.mark.parametrize(("advantage", "expected"), [(0.5, "fired"), (0.0, "undecided")])
def test_without_advantages_no_gradient_is_due(advantage: float, expected: str) -> None:
    run = synthetic("a", grad_norm_policy=[0.0] * 8, advantage_std=[advantage] * 8, reward_std=[1.0] * 8)
    assert judge(gradient_zero, run).status == expected
